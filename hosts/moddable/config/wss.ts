// device.network.wss: the SDK's WebSocket client on our TLS socket.

import "system"; // makes globalThis.device
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import WebSocketClient from "embedded:network/websocket/client";
import { addToNetwork } from "./secured.js";

addToNetwork("wss", { io: WebSocketClient, port: 443, socket: { io: TLSSocket, TCP: { io: TCP } } });
