// device.network.coaps: our CoAP client on our DTLS socket.

import "system"; // makes globalThis.device
import UDP from "embedded:io/socket/udp";
import DTLSSocket from "embedded:io/socket/udp/dtls";
import { CoapClient } from "polltls/moddable/coap-client";
import { addToNetwork } from "./secured.js";

addToNetwork("coaps", { io: CoapClient, port: 5684, socket: { io: DTLSSocket, UDP: { io: UDP } } });
