// How much heap a device would need for what is live in an XS machine, read from the machine's own snapshot. For Node.
//
// The desktop's engine is a 64-bit program, so its byte counts aren't a device's. A snapshot (xsSnapshot.c) is taken
// after a full garbage collection and holds every live slot and chunk, so the size on a 32-bit device can be counted
// piece by piece:
// - a slot is 16 bytes there (32 here);
// - a chunk (the memory of strings, array buffers, arrays, BigInts, tables) has a header of 8 bytes (16 here) and is
//   rounded up to 4 (8 here; what the rounding hides, at most 4 bytes a chunk, is left in);
// - an array's chunk is made of slots, 16 bytes each; the tables of Map, Set and the global object of pointers, 4 each.
// Compared with the same engine built for 32 bits: slots are the same, the sum is 0 to 2 % above.
// Not counted, because a device has them elsewhere: the engine's stack and its name tables, fixed at build time, and
// whatever stood there after the modules were loaded (see HeapMeasure.since), which lies in flash on a device.

/** What is live, as on a 32-bit device. */
export interface HeapMeasure {
	/** Slots, of 16 bytes. */
	slots: number;
	/** Bytes of chunks, headers included. */
	chunks: number;
}

const SLOT = 32;
const DEVICE_SLOT = 16;
const POINTER = 8;
const DEVICE_POINTER = 4;
const CHUNK_HEADER = 16;
const DEVICE_CHUNK_HEADER = 8;

// Kinds of slots (xsAll.h) whose chunks are not plain bytes
const ARGUMENTS_SLOPPY = 14;
const ARGUMENTS_STRICT = 15;
const ARRAY = 16;
const GLOBAL = 25;
const MAP = 27;
const SET = 33;
const STACK = 47;

// Where things stand in a slot of the image: next (8), kind (1), flag (1), dummy (2), ID (4), value (16)
const KIND_AT = 8;
const VALUE_AT = 16;

export function bytesOf(measure: HeapMeasure): number {
	return measure.slots * DEVICE_SLOT + measure.chunks;
}

/** What came on top of a base, e.g. of the machine with its modules loaded and nothing started. */
export function since(base: HeapMeasure, now: HeapMeasure): HeapMeasure {
	return { slots: now.slots - base.slots, chunks: now.chunks - base.chunks };
}

/** Reads a snapshot of XsWorker.snapshot(). Throws if it isn't one of this engine. */
export function measureHeap(image: Buffer): HeapMeasure {
	const atoms = readAtoms(image);
	const version = atoms.get("VERS");
	const heap = atoms.get("HEAP");
	const blocks = atoms.get("BLOC");
	const stack = atoms.get("STAC");
	if (!version || !heap || !blocks || !stack || version[3] !== SLOT) throw new Error("this is not a heap image of a 64-bit XS engine");

	let chunks = 0;
	for (let at = 0; at < blocks.length; ) {
		const size = blocks.readUInt32LE(at);
		if (size < CHUNK_HEADER) throw new Error("the heap image has a chunk without a size");
		chunks += size - CHUNK_HEADER + DEVICE_CHUNK_HEADER;
		at += size;
	}
	const seen = new Set<number>();
	chunks -= excess(heap, blocks, seen) + excess(stack, blocks, seen);
	return { slots: heap.length / SLOT, chunks };
}

/** The atoms of the image by their names, without their heads (u32 length, 4 letters). */
function readAtoms(image: Buffer): Map<string, Buffer> {
	const atoms = new Map<string, Buffer>();
	if (image.length < 8 || image.toString("latin1", 4, 8) !== "XS_M") return atoms;
	for (let at = 8; at + 8 <= image.length; ) {
		const length = image.readUInt32BE(at);
		if (length < 8) break;
		atoms.set(image.toString("latin1", at + 4, at + 8), image.subarray(at + 8, at + length));
		at += length;
	}
	return atoms;
}

/** By how much the chunks of these slots are larger here than on a device, apart from their headers. */
function excess(slots: Buffer, blocks: Buffer, seen: Set<number>): number {
	let sum = 0;
	for (let at = 0; at < slots.length; at += SLOT) {
		const kind = slots[at + KIND_AT];
		let unit: number;
		let deviceUnit: number;
		if (kind === ARRAY || kind === STACK || kind === ARGUMENTS_SLOPPY || kind === ARGUMENTS_STRICT) {
			unit = SLOT;
			deviceUnit = DEVICE_SLOT;
		} else if (kind === GLOBAL || kind === MAP || kind === SET) {
			unit = POINTER;
			deviceUnit = DEVICE_POINTER;
		} else continue;
		const address = slots.readUInt32LE(at + VALUE_AT); // of the data, behind the chunk's header
		if (address === 0 || seen.has(address)) continue;
		seen.add(address);
		const length = blocks.readUInt32LE(address - CHUNK_HEADER) - CHUNK_HEADER;
		sum += Math.floor(length / unit) * (unit - deviceUnit);
		if (unit === SLOT) sum += excess(blocks.subarray(address, address + length), blocks, seen); // arrays keep their values in place
	}
	return sum;
}
