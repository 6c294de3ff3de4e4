// device.network.https: the SDK's HTTP client on our TLS socket.

import "system"; // makes globalThis.device
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import HTTPClient from "embedded:network/http/client";
import { addToNetwork } from "./secured.js";

addToNetwork("https", { io: HTTPClient, port: 443, socket: { io: TLSSocket, TCP: { io: TCP }, secure: { applicationLayerProtocolNegotiation: "http/1.1" } } });
