// The module securesocket.

import { SecureSocket } from "polltls/moddable/secure-socket";

export default SecureSocket;
