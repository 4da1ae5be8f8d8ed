/** What the command line prints: text and tables for a person, or one JSON document for a program. */
import CliTable from 'cli-table3'
import { printable } from '#engine/common/format/printable.ts'

export type Output = {
  /** Whether `--json` was asked for: then standard output holds one JSON document alone. */
  readonly json: boolean
  /** A line for a person; nothing in JSON. */
  readonly line: (text?: string) => void
  /** A table for a person; nothing in JSON. Numbers are set flush right. */
  readonly table: (head: readonly string[], rows: readonly (readonly Cell[])[]) => void
  /** Names with their values, one a line; nothing in JSON. */
  readonly pairs: (pairs: readonly (readonly [name: string, value: Cell])[]) => void
  /** The answer as data: printed with `--json` alone. */
  readonly result: (value: unknown) => void
}

export type Cell = string | number | boolean | null

/** Typed arrays as plain lists: JSON would write them as objects. */
function plainArrays(_: string, value: unknown): unknown {
  return value instanceof Float32Array || value instanceof Float64Array ? [...value] : value
}

/** One line, whatever a name holds. */
function cellText(cell: Cell): string {
  if (cell === null) return '–'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return printable(String(cell).replaceAll(/[\r\n\t]/g, ' '))
}

function withoutTrailingSpaces(lines: string): string {
  return lines
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  '
}

export function createOutput(json: boolean, write: (text: string) => void): Output {
  return {
    json,
    line: (text = '') => {
      if (!json) write(`${printable(text)}\n`)
    },
    table: (head, rows) => {
      if (json) return
      const isNumeric = head.map((_, column) => rows.every((cells) => typeof cells[column] !== 'string'))
      const table = new CliTable({
        head: [...head],
        colAligns: isNumeric.map((numeric) => (numeric ? 'right' : 'left')),
        chars: noBorders,
        style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true }
      })
      for (const cells of rows) table.push(cells.map(cellText))
      write(`${withoutTrailingSpaces(table.toString())}\n`)
    },
    pairs: (pairs) => {
      const width = pairs.reduce((widest, [name]) => Math.max(widest, name.length), 0)
      for (const [name, value] of pairs) if (!json) write(`${name.padEnd(width)}  ${cellText(value)}\n`)
    },
    result: (value) => {
      if (json) write(`${printable(JSON.stringify(value, plainArrays, 2))}\n`)
    }
  }
}
