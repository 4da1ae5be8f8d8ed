/** All figures of a scope as one zip archive: each for paper in three formats, its data in two, and a page of captions. */
import { toCsv } from '#engine/common/format/csv.ts'
import { toLatex } from '#engine/common/format/latex.ts'
import { archivePage, type FigureScope, figureNames, fileName } from './archive-text.ts'
import { drawnFile } from './drawn-files.ts'
import type { ShownFigure } from './figure-set.tsx'
import { paperWidths } from './look.ts'

type Control = {
  readonly version: string
  readonly signal: AbortSignal
  /** So many figures are drawn. */
  readonly onProgress: (done: number) => void
}

/** The archive and its name. Throws the signal's reason where that is aborted. */
export async function figureArchive(
  figures: readonly ShownFigure[],
  scope: FigureScope,
  { version, signal, onProgress }: Control
): Promise<{ name: string; data: Uint8Array }> {
  // The library is loaded with the first archive: few people need one at once.
  const { strToU8, zipSync } = await import('fflate')
  const names = figureNames(figures, scope)
  const folder = fileName(`${scope.project} ${scope.screen} ${scope.target ?? 'all targets'}`)
  const files: Record<string, Uint8Array> = {
    [`${folder}/README.md`]: strToU8(archivePage(figures, scope, { version, madeAt: new Date() }))
  }
  for (const [index, { title, caption, table, draw }] of figures.entries()) {
    signal.throwIfAborted()
    onProgress(index)
    const name = names[index] ?? ''
    const svg = await draw(paperWidths.both)
    for (const format of ['pdf', 'svg', 'png'] as const)
      files[`${folder}/figures/${name}.${format}`] = await drawnFile(svg, format)
    files[`${folder}/tables/${name}.csv`] = strToU8(toCsv(table))
    files[`${folder}/tables/${name}.tex`] = strToU8(toLatex(table, `${title}. ${caption}`))
  }
  return { name: `${folder}.zip`, data: zipSync(files) }
}
