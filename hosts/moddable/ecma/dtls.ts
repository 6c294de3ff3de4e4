// The module embedded:io/socket/udp/dtls.

import { DtlsSocket } from "polltls/moddable/dtls-socket";

export default DtlsSocket;
