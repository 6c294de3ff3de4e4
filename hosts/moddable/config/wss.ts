// device.network.wss: the SDK's WebSocket client on our TLS socket.

import "system"; // makes globalThis.device
import WebSocketClient from "embedded:network/websocket/client";
import { secured } from "./secured.js";

secured("wss", WebSocketClient);
