/** The report as one HTML file that needs nothing beside it: style, pictures and data are in it, scripts are not. */
import type { Claim } from '../claims/claims.ts'
import { drawFigure } from '../figures/draw-figure.ts'
import type { ReportFigure } from '../figures/figure.ts'
import type { ReportManifest } from '../manifest.ts'
import { element, textElement } from '../markup.ts'
import type { Report, ReportSection } from '../report.ts'
import { htmlReportTable, wordTable } from './html-table.ts'
import { style } from './style.ts'

/** Nothing is loaded, whatever a name in the experiment may hold. */
const policy = "default-src 'none'; style-src 'unsafe-inline'"

/** What the experiment says of the paper's claims; those that it does not measure are named in one line. */
function claimsElement(claims: readonly Claim[]): string {
  const measured = claims.filter(({ verdict }) => verdict !== 'not measured')
  const rows = measured.map(({ claim, where, rule, verdict, figures }) => [
    element('td', {}, textElement('span', {}, claim), textElement('small', {}, `${where}. Rule: ${rule}.`)),
    textElement('td', { class: verdict }, verdict),
    textElement('td', {}, figures)
  ])
  const others = claims.filter(({ verdict }) => verdict === 'not measured').map(({ claim }) => claim)
  return element(
    'section',
    { id: 'claims' },
    textElement('h2', {}, 'Claims of the paper'),
    rows.length === 0 ? '' : wordTable(['The paper claims', 'Here', 'Figures that decide it'], rows),
    others.length === 0 ? '' : textElement('p', { class: 'quiet' }, `Not measured: ${others.join(' ')}`)
  )
}

/** A figure, with a heading where its title is not that of its section. */
async function figureElement({ caption, definition }: ReportFigure, sectionTitle: string): Promise<string> {
  const { title } = definition
  const heading = title === sectionTitle ? '' : textElement('h3', {}, title)
  return element(
    'figure',
    {},
    heading,
    await drawFigure(definition, 'page'),
    textElement('figcaption', {}, caption)
  )
}

/** The tables of a section whose figures say the same at a glance are folded. */
async function sectionElement({ id, title, tables, figures, isFigure }: ReportSection): Promise<string> {
  const shownFigures = await Promise.all(figures.map((figure) => figureElement(figure, title)))
  const shownTables = tables.map(htmlReportTable)
  const folded = element('details', {}, textElement('summary', {}, 'Every pair of models'), ...shownTables)
  return element(
    'section',
    { id },
    textElement('h2', {}, title),
    ...(isFigure ? [...shownFigures, folded] : [...shownTables, ...shownFigures])
  )
}

function manifestElement(manifest: ReportManifest): string {
  const { models, versions, devices, notes, sharedAnchors, experimentFile } = manifest
  const facts: [string, string][] = [
    ...(sharedAnchors === null
      ? []
      : [['words that all models share', `${sharedAnchors}`] as [string, string]]),
    ['devices', devices.join(', ')],
    ...Object.entries(versions)
  ]
  const code = (text: string): string => element('td', {}, textElement('code', {}, text))
  const cell = (text: string): string => textElement('td', {}, text)
  return element(
    'section',
    { id: 'manifest' },
    textElement('h2', {}, 'Manifest'),
    wordTable(
      ['', ''],
      facts.map(([name, value]) => [cell(name), cell(value)])
    ),
    textElement('h3', {}, 'Models'),
    wordTable(
      ['model', 'SHA-256 of the embedding table', 'SHA-256 of the tokenizer'],
      models.map(({ name, table, tokenizer }) => [cell(name), code(table), code(tokenizer)])
    ),
    ...(notes.length === 0
      ? []
      : [
          textElement('h3', {}, 'Remarks'),
          wordTable(
            ['remark', 'results'],
            notes.map(({ note, times }) => [cell(note), cell(`${times}`)])
          )
        ]),
    ...(experimentFile === null
      ? []
      : [
          textElement('h3', {}, 'Experiment file'),
          textElement('p', { class: 'quiet' }, 'As it was understood, with every default.'),
          element('details', {}, textElement('summary', {}, 'Show'), textElement('pre', {}, experimentFile))
        ])
  )
}

/** The whole page. */
export async function htmlPage({ title, sections, claims, manifest }: Report): Promise<string> {
  const { done, planned } = manifest.cells
  const state =
    done === planned ? `All ${planned} cells were run.` : `${done} of ${planned} cells were run so far.`
  const links = [
    { id: 'claims', title: 'Claims of the paper' },
    ...sections,
    { id: 'manifest', title: 'Manifest' }
  ].map((one) => element('li', {}, textElement('a', { href: `#${one.id}` }, one.title)))
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    textElement('title', {}, title),
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    textElement('h1', {}, title),
    textElement('p', { class: 'quiet' }, `Made with Anchorage. ${state}`),
    element('nav', {}, element('ul', {}, ...links)),
    claimsElement(claims),
    ...(await Promise.all(sections.map(sectionElement))),
    manifestElement(manifest),
    '</body>',
    '</html>',
    ''
  ].join('\n')
}
