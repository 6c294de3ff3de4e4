// device.network.mqtts: the SDK's MQTT client on our TLS socket.

import "system"; // makes globalThis.device
import MQTTClient from "embedded:network/mqtt/client";
import { secured } from "./secured.js";

secured("mqtts", MQTTClient);
