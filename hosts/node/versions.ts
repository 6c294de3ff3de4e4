// Names of protocol versions, for people.

/** "TLS 1.3" and so on for a version on the wire; "" for 0. */
export function versionName(version: number): string {
	switch (version) {
		case 0:
			return "";
		case 0x0304:
			return "TLS 1.3";
		case 0x0303:
			return "TLS 1.2";
		case 0xfefc:
			return "DTLS 1.3";
		case 0xfefd:
			return "DTLS 1.2";
		default:
			return `0x${version.toString(16).padStart(4, "0")}`;
	}
}
