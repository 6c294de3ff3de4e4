// Which parts of something have come: disjoint ranges in order, in fixed memory. For fragments of a message that arrive,
// and for parts of a flight that the peer has acknowledged.

/**
 * A few ranges [from, to).
 *
 *     const ranges = new DtlsRanges(8);
 *     ranges.add(0, 100);
 *     ranges.add(200, 300);
 *     ranges.covers(0, 300);             // false
 *     ranges.endOfCovered(0);            // 100: what is covered from there on
 */
export class DtlsRanges {
	readonly #bounds: Int32Array;
	#count = 0;

	/** Up to size ranges that don't touch each other. */
	constructor(size: number) {
		this.#bounds = new Int32Array(2 * size);
	}

	clear(): void {
		this.#count = 0;
	}

	/** Adds a range, which may overlap what is there; false (and nothing added) if that would be too many ranges. */
	add(from: number, to: number): boolean {
		const bounds = this.#bounds;
		const count = this.#count;
		let first = 0; // the first that touches the new one or stands behind it
		while (first < count && bounds[2 * first + 1] < from) first++;
		let end = first; // behind the last that touches it
		while (end < count && bounds[2 * end] <= to) end++;
		if (first === end) {
			if (2 * count === bounds.length) return false;
			bounds.copyWithin(2 * first + 2, 2 * first, 2 * count);
			bounds[2 * first] = from;
			bounds[2 * first + 1] = to;
			this.#count++;
			return true;
		}
		const last = bounds[2 * end - 1];
		if (from < bounds[2 * first]) bounds[2 * first] = from;
		bounds[2 * first + 1] = to > last ? to : last;
		bounds.copyWithin(2 * first + 2, 2 * end, 2 * count);
		this.#count -= end - first - 1;
		return true;
	}

	/** Whether all of it is there; of an empty range, whether it was added. */
	covers(from: number, to: number): boolean {
		for (let i = 0; i < this.#count; i++) if (this.#bounds[2 * i] <= from && to <= this.#bounds[2 * i + 1]) return true;
		return false;
	}

	/** Where the range that holds this place ends, or the place itself if none does. */
	endOfCovered(place: number): number {
		for (let i = 0; i < this.#count; i++) if (this.#bounds[2 * i] <= place && place < this.#bounds[2 * i + 1]) return this.#bounds[2 * i + 1];
		return place;
	}

	/** Where the next range behind this place begins, or limit. */
	nextCovered(place: number, limit: number): number {
		for (let i = 0; i < this.#count; i++) if (this.#bounds[2 * i] > place) return Math.min(limit, this.#bounds[2 * i]);
		return limit;
	}
}
