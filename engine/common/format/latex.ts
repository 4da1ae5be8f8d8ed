/** Tables as LaTeX with booktabs. */
import { type Cell, shortNumber, type TableData } from './table.ts'

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
  '\u00a0': '~',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  λ: '$\\lambda$',
  ρ: '$\\rho$',
  '→': '$\\rightarrow$',
  '↑': '$\\uparrow$',
  '↓': '$\\downarrow$',
  '†': '$\\dagger$',
  '×': '$\\times$',
  '±': '$\\pm$',
  '−': '$-$',
  '·': '$\\cdot$',
  '≥': '$\\geq$',
  '…': '\\ldots{}'
}

const special = new RegExp(
  `[${Object.keys(latexEscapes)
    .map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .join('')}]`,
  'gu'
)

/** A value as LaTeX shows it: text with every special character escaped, a short number, or a dash for nothing. */
export function latexText(value: Cell): string {
  if (value === null) return '--'
  if (typeof value === 'number') return shortNumber(value).replace('-', '$-$')
  return value.replaceAll(special, (character) => latexEscapes[character] ?? character)
}

/** A row of cells that are LaTeX already. After the `\\\\` of the row above, `[` and `*` would be its arguments. */
export function latexRow(cells: readonly string[]): string {
  const row = cells.join(' & ')
  return `${/^[[*]/.test(row) ? '{}' : ''}${row} \\\\`
}

/**
 * A floating table around lines that are LaTeX already.
 * @param alignment a column specification, such as `lrr`
 */
export function latexFloat(alignment: string, lines: readonly string[], caption: string): string {
  return [
    '\\begin{table}',
    '\\centering',
    `\\caption{${latexText(caption)}}`,
    `\\begin{tabular}{${alignment}}`,
    '\\toprule',
    ...lines,
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    ''
  ].join('\n')
}

/** A whole table; columns that hold numbers alone are set to the right. */
export function toLatex({ columns, rows }: TableData, caption: string): string {
  const alignment = columns
    .map((_, column) => (rows.every((row) => typeof row[column] !== 'string') ? 'r' : 'l'))
    .join('')
  const line = (row: readonly Cell[]): string => latexRow(row.map(latexText))
  return latexFloat(alignment, [line(columns), '\\midrule', ...rows.map(line)], caption)
}
