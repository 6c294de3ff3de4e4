// device.network.tls: our TLS socket itself, with a resolver for names.

import "system"; // makes globalThis.device
import TLSSocket from "embedded:io/socket/tcp/tls";
import { secured } from "./secured.js";

secured("tls", TLSSocket);
