/** The page docs/benchmarks.md: what is measured and how, and for every part the machine and a table. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { Figure } from './figures.ts'

export type Measured = { name: string; lines: string[]; figures: Figure[] }

const introduction = `# Benchmarks

Made by \`npm run bench -- --write\`, which measures every part in turn; with names of parts it measures these and
replaces what the page says of them. Each part is a file of \`bench/\`. Tables are
synthetic, of the paper's size (17,230 anchors) and of the widths of a base and a large model (768 → 1024). Figures are ratios within one run: what is compared takes turns, and the shortest
run of each counts, so that what else the machine does strikes all alike; where its load is above its number of cores,
the ratios are still worse than on an idle machine. A **yardstick** is one float64 Gram product
\`[1024, 17230] × [17230, 1024]\` by onnxruntime alone: what the exact search can't do without, at the precision that its
results have.
`

/** A cell of a table must not end it. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, figure, target = '', held }) =>
    [what, figure, target, held === undefined ? '' : held ? 'held' : '**missed**'].map(cell)
  )
  const head = ['what', 'figure', 'target', '']
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)))
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...rows]
    .map((row) => `| ${row.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`)
    .join('\n')
}

/** The machine as it is now. */
function machine(): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  const load = loadavg()[1].toFixed(1)
  return `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores of ${cpu?.model.trim() ?? 'an unnamed processor'}, ${memory} GiB, Node ${process.versions.node}, CPU provider; mean load of the last 5 minutes ${load}.`
}

/** The sections of a page by their headings. */
function sectionsOf(page: string): Map<string, string> {
  const [, ...sections] = page.split(/^## /m)
  return new Map(sections.map((section) => [section.split('\n', 1)[0], section.trimEnd()]))
}

/** The page with what was measured just now in its place. @param names of all parts, in their order */
export function benchmarksPage(
  before: string,
  measured: readonly Measured[],
  names: readonly string[]
): string {
  const sections = sectionsOf(before)
  for (const { name, lines, figures } of measured)
    sections.set(name, [name, ...lines, table(figures), machine()].join('\n\n'))
  const known = names.flatMap((name) => sections.get(name) ?? [])
  return `${[introduction.trimEnd(), ...known.map((section) => `## ${section}`)].join('\n\n')}\n`
}
