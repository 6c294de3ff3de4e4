// Figures of noisy machines: medians of several runs, and ratios of runs that were made side by side.

/** The middle of the values; NaN of none. */
export function median(values: readonly number[]): number {
	if (values.length === 0) return Number.NaN;
	const sorted = values.slice().sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each place of several lists. */
export function medians(lists: readonly (readonly number[])[]): number[] {
	const length = Math.max(0, ...lists.map((list) => list.length));
	const result: number[] = [];
	for (let place = 0; place < length; place++) result.push(median(lists.filter((list) => place < list.length).map((list) => list[place])));
	return result;
}

/** How many times as long one took as the other: the median of the rounds' ratios, since a round has the same noise for both. */
export function ratioOf(these: readonly number[], others: readonly number[]): number {
	const ratios: number[] = [];
	for (let round = 0; round < these.length && round < others.length; round++) ratios.push(these[round] / others[round]);
	return median(ratios);
}
