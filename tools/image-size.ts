// What an image of the SDK takes of a device of 32 bits, from what xsl wrote (mc.xs.c): flash for what is preloaded, and the RAM
// that it keeps for it. Native code isn't in it.

/** Bytes of a slot, a pointer, and an entry of the tables on a device of 32 bits. */
const SLOT = 16;
const POINTER = 4;
const KEY = POINTER + 2;
const SCRIPT = 28;

export interface ImageSize {
	/** Bytes of flash. */
	flash: number;
	/** Bytes of RAM: a pointer for each thing in flash that could change. */
	ram: number;
	/** How many of those are a module's import.meta, which nobody can freeze. */
	metas: number;
	/** What else could change. */
	others: number;
}

/** The bytes of all string literals, a final zero each. */
function literalBytes(text: string): number {
	let sum = 0;
	for (const [, literal] of text.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)) sum += literal.replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/g, "_").length + 1;
	return sum;
}

function countOf(text: string, name: string): number {
	return Number(new RegExp(`#define mx${name}Count (\\d+)`).exec(text)?.[1] ?? 0);
}

/** Reads mc.xs.c. */
export function imageSize(text: string): ImageSize {
	const heap = text.slice(text.indexOf("static const txSlot gxHeap[mxHeapCount] = {"));
	const metas = [...heap.matchAll(/\.ID = \d+ \/\* ALIAS \*\/[^\n]*XS_INSTANCE_KIND[^\n]*\n[^\n]*\.ID = xsID_uri,/g)].length;
	let code = 0;
	for (const [, size] of text.matchAll(/static const txU1 gxCode\d+\[(\d+)\];/g)) code += Number(size);
	const slots = (countOf(text, "Heap") + countOf(text, "Stack")) * SLOT;
	const tables = countOf(text, "Keys") * KEY + countOf(text, "Names") * POINTER + countOf(text, "Scripts") * SCRIPT + countOf(text, "BigInt") * 4;
	return {
		flash: slots + tables + code + literalBytes(heap),
		ram: countOf(text, "Alias") * POINTER,
		metas,
		others: countOf(text, "Alias") - metas,
	};
}
