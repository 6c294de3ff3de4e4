// Tables for people: aligned columns, the first to the left, figures to the right.

/** A figure is written with about three digits, undefined as "-". */
export type Cell = string | number | undefined;

export interface Table {
	title: string;
	/** None: the title says it all. */
	columns: string[];
	rows: Cell[][];
	/** Said below: what the columns mean, what is missing and why. */
	notes?: string[];
}

/** A figure with about three digits; "-" for none. */
export function figure(value: number | undefined): string {
	if (value === undefined || Number.isNaN(value)) return "-";
	const size = Math.abs(value);
	if (size >= 100) return Math.round(value).toLocaleString("en-US");
	if (Number.isInteger(value)) return String(value);
	return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** How many times; "-" for none. */
export function times(value: number | undefined): string {
	return value === undefined || Number.isNaN(value) ? "-" : `${value.toFixed(value >= 10 ? 1 : 2)} x`;
}

export function formatTable({ title, columns, rows, notes = [] }: Table): string {
	if (columns.length === 0) return `${title}\n`;
	const cells = [columns, ...rows.map((row) => row.map((cell) => (typeof cell === "string" ? cell : figure(cell))))];
	const widths = columns.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
	const lines = cells.map((row) =>
		row
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
			.join("  ")
			.trimEnd(),
	);
	const rule = widths.map((width) => "-".repeat(width)).join("  ");
	return [title, "", lines[0], rule, ...lines.slice(1), ...(notes.length > 0 ? ["", ...notes.map((note) => `  ${note}`)] : []), ""].join("\n");
}
