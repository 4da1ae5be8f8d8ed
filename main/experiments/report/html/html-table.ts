/** A report's table as HTML. */
import { type Attributes, element, textElement } from '../markup.ts'
import { marksOf, percentage, type ReportTable, type TableCell, type TableRow } from '../report-table.ts'

function meanOf(cell: TableCell): string {
  const { spread, rank } = cell
  const number = percentage(spread.mean)
  const deviation = spread.standardDeviation === null ? '' : ` ± ${percentage(spread.standardDeviation)}`
  const ranked =
    rank === 'best'
      ? textElement('strong', {}, number)
      : textElement('span', rank === 'second' ? { class: 'second' } : {}, number)
  const marks = marksOf(cell)
  return ranked + textElement('span', {}, deviation) + (marks === '' ? '' : textElement('sup', {}, marks))
}

function tableCell(cell: TableCell | null): string {
  if (cell === null) return textElement('td', { class: 'none' }, '–')
  const { interval, spread, published, self } = cell
  const seeds = spread.count > 1 ? ` · N ${spread.count}` : ''
  return element(
    'td',
    self ? { class: 'self' } : {},
    meanOf(cell),
    textElement('small', {}, `${percentage(interval.low)} to ${percentage(interval.high)}${seeds}`),
    published === null ? '' : textElement('small', {}, `paper ${published.toFixed(2)}`)
  )
}

function tableRow({ label, cells }: TableRow): string {
  return element('tr', {}, textElement('th', { scope: 'row' }, label), ...cells.map(tableCell))
}

/** The table with its caption before it and its legend after it. */
export function htmlReportTable({ caption, rowHead, columns, groups, legend }: ReportTable): string {
  const span: Attributes = { scope: 'rowgroup', colspan: columns.length + 1 }
  const head = [rowHead, ...columns].map((name) => textElement('th', { scope: 'col' }, name))
  const bodies = groups.map(({ heading, rows }) =>
    element(
      'tbody',
      {},
      heading === null ? '' : element('tr', {}, textElement('th', span, heading)),
      ...rows.map(tableRow)
    )
  )
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), ...bodies)
  return [
    textElement('p', { class: 'quiet' }, caption),
    element('div', { class: 'scroll' }, table),
    ...legend.map((line) => textElement('div', { class: 'legend' }, line))
  ].join('\n')
}

/** A table of words. */
export function wordTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((name) => textElement('th', { scope: 'col' }, name))
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      { class: 'words' },
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...rows.map((cells) => element('tr', {}, ...cells)))
    )
  )
}
