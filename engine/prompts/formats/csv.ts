/** `.csv`, `.tsv`: one vector per line; a header line and an index column as pandas writes them are left out. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { AnchorageError, messageOf } from '#engine/common/contract/errors.ts'
import { row } from '#engine/common/contract/matrix.ts'
import { readTextFile } from '#engine/files/text-file.ts'
import { parsingSeconds, withinSeconds } from '#engine/files/time-limit.ts'
import { decimals, matrixPart } from '../matrix-parts.ts'
import { rowText } from '../number-text.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'

type Line = { number: number; fields: string[] }

function malformed(where: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The table is not a matrix of numbers.', {
    where,
    found,
    expected,
    next: 'Save one vector per line with the same number of values on each.'
  })
}

const recordsSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.int() }) }))

/** The separator of the first line of numbers; numpy.savetxt writes spaces. */
function findSeparator(text: string): string {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  return [',', ';', '\t'].find((candidate) => first.includes(candidate)) ?? ' '
}

/** Fields of a table: each is a text of its own in memory before it is a number. */
const mostFields = 20_000_000

function requireFewFields(text: string, separator: string, path: string): void {
  let fields = 0
  for (const mark of [separator, '\n']) {
    for (let at = text.indexOf(mark); at >= 0 && fields <= mostFields; at = text.indexOf(mark, at + 1))
      fields++
  }
  if (fields <= mostFields) return
  throw new AnchorageError('unsupported', 'The table has too many fields.', {
    where: path,
    found: `more than ${mostFields.toLocaleString('en')} separators and line ends`,
    expected: 'the vectors of a prompt',
    next: 'Check that this is the file that was meant; NumPy files hold larger tables.'
  })
}

function splitLines(text: string, path: string): Line[] {
  const delimiter = findSeparator(text)
  requireFewFields(text, delimiter, path)
  let records: unknown
  try {
    records = parse(text, {
      delimiter,
      comment: '#',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true
    })
  } catch (cause) {
    throw malformed(path, messageOf(cause), 'separated numbers')
  }
  const lines = recordsSchema
    .parse(records)
    .map(({ record, info }) => ({ number: info.lines, fields: record }))
  if (lines.length === 0) throw malformed(path, 'no lines', 'one vector per line')
  return lines
}

/** Written so that each digit can be matched in one way alone: a long field takes time in step with its length. */
const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

function isHeader(line: Line): boolean {
  return line.fields.some(
    (field) => field !== '' && !decimal.test(field) && !/^[+-]?(nan|inf(inity)?)$/i.test(field)
  )
}

function parseNumber(field: string, where: string): number {
  if (decimal.test(field)) return Number(field)
  throw malformed(where, field === '' ? 'an empty field' : field.slice(0, 40), 'a finite decimal number')
}

type Table = { rows: number; columns: number; values: Float32Array; warnings: string[] }

function parseTable(text: string, path: string): Table {
  const lines = splitLines(text, path)
  const pandasIndex = lines[0].fields[0] === '' && lines[0].fields.length > 1
  const header = pandasIndex || isHeader(lines[0])
  const body = header ? lines.slice(1) : lines
  if (body.length === 0) throw malformed(path, 'a header line alone', 'one vector per line')
  const firstColumn = pandasIndex ? 1 : 0
  const columns = body[0].fields.length - firstColumn
  const values = new Float32Array(body.length * columns)
  for (const [index, line] of body.entries()) {
    const where = `${path}, line ${line.number}`
    if (line.fields.length - firstColumn !== columns) {
      throw malformed(
        where,
        `${line.fields.length - firstColumn} values`,
        `${columns}, as on line ${body[0].number}`
      )
    }
    for (let column = 0; column < columns; column++) {
      const field = line.fields[firstColumn + column]
      values[index * columns + column] = parseNumber(field, `${where}, column ${column}`)
    }
  }
  const warnings = header ? [`Line ${lines[0].number} is a header and was left out.`] : []
  if (pandasIndex) warnings.push('The first column is an index and was left out.')
  return { rows: body.length, columns, values, warnings }
}

export const csvFormat: PromptFormatEntry = {
  name: 'csv',
  label: 'Table of numbers (.csv, .tsv)',
  detect: (path) => endsWith(path, '.csv', '.tsv'),
  foundInFolders: false,
  list: async (path) => {
    const text = await readTextFile(path)
    const { rows, columns, values, warnings } = withinSeconds(parsingSeconds, path, () =>
      parseTable(text, path)
    )
    const shape = [rows, columns]
    const tensor = { name: 'table', dtype: decimals, shape, file: path, read: () => Promise.resolve(values) }
    return [matrixPart(tensor, { format: 'csv', warnings })]
  },
  write: {
    endings: ['.csv'],
    encode: ({ vectors }, _settings, path) => {
      const lines = Array.from({ length: vectors.rows }, (_, index) => rowText(row(vectors, index), ','))
      const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`)
      const loading = python(
        'import numpy as np, pandas as pd',
        `vectors = pd.read_csv(${nameIn(path)}, header=None).to_numpy(np.float32)`
      )
      return Promise.resolve({
        kind: 'files',
        files: [{ ending: '', bytes }],
        notes: ['The table has no header: pandas takes its first row for one unless told.'],
        loading
      })
    }
  }
}
