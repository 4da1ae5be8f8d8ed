/** Tables as CSV. */
import type { Cell, TableData } from './table.ts'

/** What a spreadsheet takes for the beginning of a formula. */
const formula = /^[=+\-@\t\r]/

/** Text that a spreadsheet would run as a formula gets the apostrophe by which one marks text; numbers stay. */
function defused(text: string): string {
  return formula.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text
}

function csvField(value: Cell): string {
  const text = value === null ? '' : typeof value === 'string' ? defused(value) : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, with full precision; text is never a formula. */
export function toCsv({ columns, rows }: TableData): string {
  return [columns, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}
