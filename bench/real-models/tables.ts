/** The tables of what was measured, in Markdown: as they are printed they stand in docs/better-prompts.md. */
import { mean } from 'simple-statistics'
import { meanInterval, pairedDifference } from '#engine/common/statistics/bootstrap.ts'
import { pairedTest } from '#engine/common/statistics/paired-test.ts'
import { rankCorrelation } from '#engine/common/statistics/rank-correlation.ts'
import type { Pair } from './measure.ts'
import { compared, type Way } from './ways.ts'

export type Right = (name: string) => Promise<readonly number[]>

const percent = (share: number): string => (100 * share).toFixed(1)

function printRow(cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`)
}

function printHead(cells: readonly string[]): void {
  process.stdout.write('\n')
  printRow(cells)
  printRow(cells.map(() => '---'))
}

/** The answers of a condition on several relations, one after another. */
async function together(relations: readonly string[], condition: string, right: Right): Promise<number[]> {
  const perRelation: (readonly number[])[] = []
  for (const relation of relations) perRelation.push(await right(`${relation}, ${condition}`))
  return perRelation.flat()
}

function accuracy(right: readonly number[]): string {
  const { low, high } = meanInterval(right)
  return `${percent(mean([...right]))} [${percent(low)}, ${percent(high)}]`
}

/** The difference to another condition in points, with its interval and McNemar's mid-p. */
function against(right: readonly number[], other: readonly number[]): string {
  const { difference, low, high } = pairedDifference(right, other)
  return `${percent(difference)} [${percent(low)}, ${percent(high)}], p ${pairedTest(right, other).p.toFixed(3)}`
}

async function printRelations(
  relations: readonly string[],
  conditions: readonly string[],
  right: Right
): Promise<void> {
  printHead(['accuracy in %', ...relations])
  for (const condition of conditions) {
    const cells: string[] = []
    for (const relation of relations)
      cells.push(percent(mean([...(await right(`${relation}, ${condition}`))])))
    printRow([condition, ...cells])
  }
}

/** Every way of transferring with its retrieval, and how well the one goes with the other. */
export async function printTransfers(
  relations: readonly string[],
  ways: readonly Way[],
  right: Right,
  { engine, source, target, anchors }: Pair
): Promise<void> {
  const measured: {
    readonly hit1: number
    readonly cosine: number
    readonly tuned: number
    readonly words: number
  }[] = []
  const other = await together(relations, `tuned, ${compared.name}`, right)
  const otherWords = await together(relations, `words, ${compared.name}`, right)
  printHead([
    'transferred',
    'hit@1 / cosine',
    'tuned prompts',
    `against ${compared.name}`,
    'words',
    `against ${compared.name}`
  ])
  for (const { name, ...way } of ways) {
    const { hit1, cosine } = await engine.call('transfer.retrieval', {
      sources: [{ model: { folder: source }, weight: 1 }],
      target: { folder: target },
      anchors: [...anchors],
      ...way
    })
    const tuned = await together(relations, `tuned, ${name}`, right)
    const words = await together(relations, `words, ${name}`, right)
    measured.push({ hit1, cosine, tuned: mean(tuned), words: mean(words) })
    const found = `${percent(hit1)} / ${cosine.toFixed(3)}`
    printRow([
      name,
      found,
      accuracy(tuned),
      against(tuned, other),
      accuracy(words),
      against(words, otherWords)
    ])
  }
  for (const guide of ['hit1', 'cosine'] as const)
    for (const sent of ['tuned', 'words'] as const) {
      const correlation = rankCorrelation(measured.map((one) => [one[guide], one[sent]] as const))
      process.stdout.write(`Spearman of ${guide} and the accuracy of ${sent}: ${correlation.toFixed(2)}\n`)
    }
  await printReferences(relations, ['tuned on the source', 'words on the source', 'manual', 'random'], right)
  const sent = ['tuned', 'words'].flatMap((what) => ways.map(({ name }) => `${what}, ${name}`))
  await printRelations(
    relations,
    ['tuned on the source', 'words on the source', 'manual', 'random', ...sent],
    right
  )
}

async function printReferences(
  relations: readonly string[],
  conditions: readonly string[],
  right: Right
): Promise<void> {
  printHead(['reference', 'accuracy'])
  for (const condition of conditions)
    printRow([condition, accuracy(await together(relations, condition, right))])
}

/** What was tuned on the target, with labels and without. */
export async function printTuned(relations: readonly string[], start: Way, right: Right): Promise<void> {
  const transferred = await together(relations, `tuned, ${start.name}`, right)
  const conditions = [
    'tuned on the source',
    `tuned, ${start.name}`,
    'tuned, refined',
    'words on the source',
    `words, ${start.name}`,
    'words, refined',
    'few labels',
    'all labels',
    'manual'
  ]
  printHead(['prompt', `accuracy on ${relations.join(', ')}`, 'against the transferred'])
  for (const condition of conditions) {
    const own = await together(relations, condition, right)
    printRow([condition, accuracy(own), against(own, transferred)])
  }
  await printRelations(relations, conditions, right)
}
