// A part of the bench: measures, and answers its figures as a value for JSON and as tables.

import type { Table } from "./table.js";

/** progress is told what is being measured. */
export type Part = (progress: (text: string) => void) => Promise<{ figures: unknown; tables: Table[] }>;
