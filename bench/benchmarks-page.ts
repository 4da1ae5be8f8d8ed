/** The page docs/benchmarks.md: what is measured and how, the machine, and a table per part. */
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { Figure } from './figures.ts'

export type Measured = { name: string; lines: string[]; figures: Figure[] }

const introduction = `# Benchmarks

Made by \`npm run bench -- --write\`, which measures every part in turn; \`npm run bench -- NAME …\` measures the named
ones. Each part is a file of \`bench/\`. Tables are synthetic, of the paper's size (17,230 anchors) and of the widths of a
base and a large model (768 → 1024). Figures are ratios within one run: what is compared takes turns, and the shortest
run of each counts, so that what else the machine does strikes all alike. A **yardstick** is one float64 Gram product
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
  return [['what', 'figure', 'target', ''], ['---', '---', '---', '---'], ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

/** The page for what was measured on this machine just now. */
export function benchmarksPage(measured: readonly Measured[]): string {
  const [cpu] = cpus()
  const memory = (totalmem() / 2 ** 30).toFixed(0)
  const load = loadavg()[2].toFixed(1)
  const machine = `Measured on ${new Date().toISOString().slice(0, 10)}: ${availableParallelism()} cores of ${cpu?.model.trim() ?? 'an unnamed processor'}, ${memory} GiB, Node ${process.versions.node}, the CPU provider. The load of the machine over the last 15 minutes was ${load}; above its number of cores, others were at work too and the ratios are upper bounds.`
  const parts = measured.map(({ name, lines, figures }) =>
    [`## ${name}`, ...lines, ...(figures.length > 0 ? [table(figures)] : [])].join('\n\n')
  )
  return `${[introduction.trimEnd(), machine, ...parts].join('\n\n')}\n`
}
