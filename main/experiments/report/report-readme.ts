/** The page beside the files of a report: what each shows, with N, interval and test as its caption has them, and what made it. */
import type { Report } from './report.ts'

export function reportReadme({ title, sections, manifest }: Report): string {
  const { cells, versions, devices } = manifest
  const tables = sections.flatMap((section) => section.tables)
  const figures = sections.flatMap((section) => section.figures)
  return [
    `# ${title}`,
    '',
    `- N: ${cells.done} of ${cells.planned} cells were run; \`tables/*.csv\` have the number of examples of each value.`,
    `- Scope: ${sections.map((section) => section.title).join('; ')}.`,
    `- Made by ${Object.entries(versions)
      .map((version) => version.join(' '))
      .join(', ')}${devices.length > 0 ? `, on ${devices.join(', ')}` : ''}.`,
    '- `report.html` has it all on one page, `claims.csv` what it says of the claims of the paper.',
    ...tables.flatMap(({ id, title: table, caption, legend }) => [
      '',
      `## \`tables/${id}\` (.tex, .csv): ${table}`,
      '',
      [caption, ...legend].join(' ')
    ]),
    ...figures.flatMap(({ id, caption }) => ['', `## \`figures/${id}\` (.svg, .csv)`, '', caption]),
    ''
  ].join('\n')
}
