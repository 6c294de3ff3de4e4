// device.network.tls: our TLS socket itself, with a resolver for names.

import "system"; // makes globalThis.device
import TCP from "embedded:io/socket/tcp";
import TLSSocket from "embedded:io/socket/tcp/tls";
import { addToNetwork } from "./secured.js";

addToNetwork("tls", { io: TLSSocket, TCP: { io: TCP } });
