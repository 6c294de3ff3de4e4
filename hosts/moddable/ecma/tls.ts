// The module embedded:io/socket/tcp/tls.

import { TlsSocket } from "polltls/moddable/tls-socket";

export default TlsSocket;
