/** A plain table of figures, as it goes to CSV files, LaTeX tables and screens. */

export type Cell = string | number | null

export type TableData = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/** Whole numbers as they are, others to four significant digits. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}
