// Where a field stands in a buffer that somebody else owns.

/** [at, end) of a buffer; at -1 stands for a field that isn't there. */
export class Place {
	at = -1;
	end = -1;

	set(at: number, end: number): void {
		this.at = at;
		this.end = end;
	}

	copy(place: Place): void {
		this.at = place.at;
		this.end = place.end;
	}

	/** Says that the field isn't there. */
	clear(): void {
		this.at = -1;
		this.end = -1;
	}
}
