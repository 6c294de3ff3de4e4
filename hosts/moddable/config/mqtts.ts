// device.network.mqtts: the SDK's MQTT client on our TLS socket.

import "system"; // makes globalThis.device
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import MQTTClient from "embedded:network/mqtt/client";
import { addToNetwork } from "./secured.js";

addToNetwork("mqtts", { io: MQTTClient, port: 8883, socket: { io: TLSSocket, TCP: { io: TCP } } });
