/** The data of a picture as a table: what a screen reader reads, and what CSV files and LaTeX tables are made of. */

export type Cell = string | number | null

export type ChartTable = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

function csvField(value: Cell): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** RFC 4180, with full precision. */
export function toCsv({ columns, rows }: ChartTable): string {
  return [columns, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('')
}

const latexEscapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  λ: '$\\lambda$',
  '→': '$\\rightarrow$',
  '±': '$\\pm$',
  '−': '$-$'
}

function latexText(value: Cell): string {
  if (value === null) return '--'
  if (typeof value === 'number') return shortNumber(value).replace('-', '$-$')
  return value.replaceAll(/[\\{}$&#%_^~λ→±−]/g, (character) => latexEscapes[character] ?? character)
}

/** Whole numbers as they are, others to four significant digits. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}

/** A booktabs table; columns that hold numbers alone are set to the right. */
export function toLatex({ columns, rows }: ChartTable, caption: string): string {
  const alignment = columns
    .map((_, column) => (rows.every((row) => typeof row[column] !== 'string') ? 'r' : 'l'))
    .join('')
  const line = (row: readonly Cell[]): string => `${row.map(latexText).join(' & ')} \\\\`
  return [
    '\\begin{table}',
    '\\centering',
    `\\caption{${latexText(caption)}}`,
    `\\begin{tabular}{${alignment}}`,
    '\\toprule',
    line(columns),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    ''
  ].join('\n')
}
