/**
 * `npm run models:matrix`: writes the matrix of docs/models.md from what `anchorage verify` says of the models that lie
 * beside the project and of the small GGUF files of the tests: family × exporter × (table, query, tune).
 */
import { readFile, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { CheckedPart, ModelCheck, Verdict } from '#engine/common/contract/verify.ts'
import { anchorage } from './command-line.ts'
import { sharedFolder } from './shared-data.ts'

type CheckedModel = ModelCheck & { readonly folder: string }

const document = resolve(import.meta.dirname, '../../docs/models.md')
const start = '<!-- The matrix: npm run models:matrix -->'
const end = '<!-- End of the matrix -->'

const marks: Readonly<Record<Verdict, string>> = {
  right: '✓',
  'right-to-its-precision': '≈',
  differs: '≠',
  refused: '–',
  failed: '!'
}

/** A part's mark; with the largest difference from PyTorch where it is more than float32's. */
function cell(part: CheckedPart): string {
  const mark = marks[part.verdict]
  if (part.verdict !== 'differs' && part.verdict !== 'right-to-its-precision') return mark
  const differences = part.comparisons.map(({ largestDifference }) => largestDifference ?? Number.NaN)
  return `${mark} ${Math.max(...differences).toExponential(0)}`
}

/**
 * A row for each model of a folder, called `FAMILY--EXPORTER`, or `FAMILY` alone.
 * @param exporter of those that are called by their family alone
 */
async function rowsOf(folder: string, exporter: string): Promise<string[][]> {
  const { out, err } = await anchorage(['--json', 'verify', folder])
  if (out === '') throw new Error(err)
  const models: readonly CheckedModel[] = JSON.parse(out).models
  return models.map(({ folder: model, parts }) => {
    const [family, named = exporter] = basename(model).split('--')
    return [family, named, ...parts.map(cell)]
  })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column].length), title.length)
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const rows = [
  ...(await rowsOf(resolve(sharedFolder, 'exports'), 'none')),
  ...(await rowsOf(resolve(sharedFolder, 'families'), 'none')),
  ...(await rowsOf(resolve(import.meta.dirname, '../fixtures/gguf'), 'gguf'))
].sort((one, other) => one.slice(0, 2).join().localeCompare(other.slice(0, 2).join()))
const text = await readFile(document, 'utf8')
const [before, rest] = text.split(start)
const [, after] = (rest ?? '').split(end)
if (after === undefined) throw new Error(`${document} lacks the lines ${start} and ${end}`)
const matrix = table(['family', 'exporter', 'table', 'query', 'tune'], rows)
await writeFile(document, `${before}${start}\n\n${matrix}\n\n${end}${after}`)
process.stdout.write(`${rows.length} models in ${document}\n`)
