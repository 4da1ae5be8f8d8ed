/** Writes the report of an experiment: one HTML page, and every table and figure as files for a paper. */
import { join } from 'node:path'
import { writeWholeFile } from '#engine/common/files/write-whole.ts'
import { toCsv } from '#engine/common/format/csv.ts'
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import type { Claim } from './claims/claims.ts'
import { drawFigure } from './figures/draw-figure.ts'
import { htmlPage } from './html/page.ts'
import { latexReportTable } from './latex-table.ts'
import { composeReport } from './report.ts'
import { reportReadme } from './report-readme.ts'

function claimsCsv(claims: readonly Claim[]): string {
  return toCsv({
    columns: ['claim', 'where', 'holds where', 'verdict', 'figures'],
    rows: claims.map(({ claim, where, rule, verdict, figures }) => [claim, where, rule, verdict, figures])
  })
}

/** The page of an experiment's report. */
export async function reportPage(results: ExperimentResults): Promise<string> {
  return await htmlPage(await composeReport(results))
}

/**
 * Writes `report.html`, `README.md`, `claims.csv`, `tables/*.tex` and `.csv`, `figures/*.svg` and `.csv` below a folder, each whole.
 * Files of an earlier report of the same experiment are replaced.
 * @returns the paths of the files, the page first.
 * @throws `write-failed`
 */
export async function writeReport(results: ExperimentResults, folder: string): Promise<{ files: string[] }> {
  const report = await composeReport(results)
  const tables = report.sections.flatMap((section) => section.tables)
  const figures = report.sections.flatMap((section) => section.figures)
  const documents: [name: string, text: string][] = [
    ['report.html', await htmlPage(report)],
    ['README.md', reportReadme(report)],
    ['claims.csv', claimsCsv(report.claims)],
    ...tables.flatMap((table): [string, string][] => [
      [join('tables', `${table.id}.tex`), latexReportTable(table)],
      [join('tables', `${table.id}.csv`), toCsv(table.records)]
    ]),
    ...figures.map(({ id, data }): [string, string] => [join('figures', `${id}.csv`), toCsv(data)])
  ]
  for (const { id, definition } of figures) {
    documents.push([join('figures', `${id}.svg`), `${await drawFigure(definition, 'paper')}\n`])
  }
  const files = documents.map(([name]) => join(folder, name))
  for (const [name, text] of documents) await writeWholeFile(join(folder, name), text)
  return { files }
}
