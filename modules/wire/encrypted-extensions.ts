// EncryptedExtensions (RFC 8446 4.3.1): nothing but an extension block.

import type { Failure } from "../base/failure.js";
import { ENCRYPTED_EXTENSIONS_MALFORMED, NO_FAILURE } from "../base/failure.js";
import type { Reader } from "../base/reader.js";
import type { ExtensionBlock } from "./extensions/block.js";
import { IN_ENCRYPTED_EXTENSIONS } from "./extensions/table.js";

/** Reads the reader's place, the whole body; `offered` are the rows of our ClientHello. */
export function decodeEncryptedExtensions(reader: Reader, extensions: ExtensionBlock, offered: number): Failure {
	const failure = extensions.decode(reader, IN_ENCRYPTED_EXTENSIONS, offered);
	return failure === NO_FAILURE && !reader.finished() ? ENCRYPTED_EXTENSIONS_MALFORMED : failure;
}
