// device.network.dtls: our DTLS socket itself, with a resolver for names.

import "system"; // makes globalThis.device
import UDP from "embedded:io/socket/udp";
import DTLSSocket from "embedded:io/socket/udp/dtls";
import { addToNetwork } from "./secured.js";

addToNetwork("dtls", { io: DTLSSocket, UDP: { io: UDP } });
