// device.network.https: the SDK's HTTP client on our TLS socket.

import "system"; // makes globalThis.device
import HTTPClient from "embedded:network/http/client";
import { secured } from "./secured.js";

secured("https", HTTPClient);
