/** What the files of a scope's figures are called, and the page beside them that says what they show. */
import type { ShownFigure } from './figure-set.tsx'

/** What figures are drawn of. */
export type FigureScope = {
  /** The screen that shows them. */
  readonly screen: string
  readonly project: string
  /** The target's name, or null where there are several. */
  readonly target: string | null
  /** What is the same for all that is drawn: `anchors`, `512`. Those that were chosen among several name the files. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly isChosen: boolean }[]
  /** How many runs and relations. */
  readonly runs: number
  readonly relations: number
  /** Shows the same again in the window. */
  readonly link: string
}

/** A text as a part of a file's name: `Accuracy by λ` as `accuracy-by-lambda`. */
export function fileName(text: string): string {
  const words = text
    .toLowerCase()
    .replaceAll('λ', 'lambda')
    .matchAll(/[a-z0-9]+(?:\.[a-z0-9]+)*/g)
  return [...words].map(([word]) => word).join('-')
}

/** Beyond this, names are cut by some systems. */
const longestScope = 60

/** `anchors-512-average-micro` */
function scopeName({ settings }: FigureScope): string {
  const parts = settings
    .filter(({ isChosen }) => isChosen)
    .map(({ name, value }) => fileName(`${name} ${value}`))
  const fitting: string[] = []
  for (const part of parts) if ([...fitting, part].join('-').length <= longestScope) fitting.push(part)
  return fitting.join('-')
}

/** Target, figure and scope, each figure's name its own: `bert-large.accuracy-by-anchors.average-micro`. */
export function figureNames(figures: readonly Pick<ShownFigure, 'title'>[], scope: FigureScope): string[] {
  const taken = new Map<string, number>()
  return figures.map(({ title }) => {
    const name = [fileName(scope.target ?? 'all targets'), fileName(title), scopeName(scope)]
      .filter((part) => part !== '')
      .join('.')
    const times = (taken.get(name) ?? 0) + 1
    taken.set(name, times)
    return times === 1 ? name : `${name}-${times}`
  })
}

/** The page that lies beside the files. */
export function archivePage(
  figures: readonly Pick<ShownFigure, 'title' | 'caption' | 'table'>[],
  scope: FigureScope,
  { version, madeAt }: { version: string; madeAt: Date }
): string {
  const names = figureNames(figures, scope)
  const { project, screen, target, settings, runs, relations, link } = scope
  return [
    `# Figures of ${project}: ${screen}, ${target ?? 'all targets'}`,
    '',
    `- Made by Anchorage ${version} on ${madeAt.toISOString().slice(0, 10)}.`,
    `- N: ${runs} runs on ${relations} relations; of each figure as its caption and table say.`,
    `- Scope: ${settings.map(({ name, value }) => `${name} ${value}`).join(', ') || 'everything'}.`,
    `- In the window again: \`${link}\`, pasted where commands are found.`,
    '- Intervals and tests are those that the captions name. Shares in tables are from 0 to 1.',
    ...figures.flatMap(({ title, caption, table }, index) => [
      '',
      `## ${title}`,
      '',
      caption,
      '',
      `\`figures/${names[index]}\` as .pdf, .svg and .png (300 dpi), 6.75 in wide; \`tables/${names[index]}\` as .csv and .tex, ${table.rows.length} rows.`
    ]),
    ''
  ].join('\n')
}
