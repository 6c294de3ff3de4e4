// certificate_authorities (RFC 8446 4.2.4), and the same list in the CertificateRequest of 1.2 (RFC 5246 7.4.4).

import type { Reader } from "../../base/reader.js";

/** Passes over a list of DistinguishedNames, with its 16-bit length; it begins at the answer and ends where the reader then stands. */
export function takeAuthorities(reader: Reader): number {
	const mark = reader.open16();
	const { at } = reader;
	while (reader.more()) {
		const inner = reader.open16();
		if (reader.at === reader.end) reader.failed = true;
		reader.skip(inner);
	}
	reader.close(mark);
	return at;
}
