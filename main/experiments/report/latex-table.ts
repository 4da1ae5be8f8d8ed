/** A report's table as LaTeX (booktabs alone): a line of means, a small one of intervals, and one of published figures. */
import { latexFloat, latexRow, latexText } from '#engine/common/format/latex.ts'
import { marksOf, percentage, type ReportTable, type TableCell, type TableRow } from './report-table.ts'

const small = (text: string): string => `{\\scriptsize ${text}}`

/** `31.33 ± 0.42`, bold or underlined by rank, grey for a self-transfer, with its marks. */
function meanCell(cell: TableCell | null): string {
  if (cell === null) return '--'
  const { spread, rank, self } = cell
  const number = percentage(spread.mean)
  const ranked =
    rank === 'best' ? `\\textbf{${number}}` : rank === 'second' ? `\\underline{${number}}` : number
  const shown = self ? `\\textit{${ranked}}` : ranked
  const deviation =
    spread.standardDeviation === null ? '' : small(`$\\pm$${percentage(spread.standardDeviation)}`)
  const marks = marksOf(cell)
  return `${shown}${deviation}${marks === '' ? '' : `\\textsuperscript{${latexText(marks)}}`}`
}

function intervalCell(cell: TableCell | null): string {
  if (cell === null) return ''
  const { interval, spread } = cell
  const seeds = spread.count > 1 ? `, $N = ${spread.count}$` : ''
  return small(`${percentage(interval.low)}--${percentage(interval.high)}${seeds}`)
}

function publishedCell(cell: TableCell | null): string {
  return cell === null || cell.published === null ? '' : small(`paper ${cell.published.toFixed(2)}`)
}

function rowLines({ label, cells }: TableRow): string[] {
  const lines = [latexRow([latexText(label), ...cells.map(meanCell)])]
  if (cells.some((cell) => cell !== null)) lines.push(latexRow(['', ...cells.map(intervalCell)]))
  if (cells.some((cell) => cell !== null && cell.published !== null)) {
    lines.push(latexRow(['', ...cells.map(publishedCell)]))
  }
  return lines
}

/** The table in a float, its legend as notes below the caption. */
export function latexReportTable({ title, caption, rowHead, columns, groups, legend }: ReportTable): string {
  const span = (text: string): string =>
    `\\multicolumn{${columns.length + 1}}{l}{\\textit{${latexText(text)}}} \\\\`
  const lines = groups.flatMap(({ heading, rows }) => [
    '\\midrule',
    ...(heading === null ? [] : [span(heading)]),
    ...rows.flatMap(rowLines)
  ])
  const head = latexRow([rowHead, ...columns].map(latexText))
  const words = [`${title}.`, caption, ...legend].join(' ')
  return `% Needs \\usepackage{booktabs}.\n${latexFloat(`l${'c'.repeat(columns.length)}`, [head, ...lines], words)}`
}
