/**
 * How the cost of an experiment grows: the exact search with anchors, width, prompts and sources, and asking a model of
 * BERT-base's size with examples and prompts. Each line is a time and its ratio to the first of its row.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { evaluate } from '#engine/evaluation/evaluate.ts'
import type { ReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { buildVerbaliser } from '#engine/evaluation/verbaliser.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { solveMixingBasis } from '#engine/transfer/mixing-basis.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { makeExamples, word, writeBertFolder } from './bert-folder.ts'
import { type Figure, medianSeconds, type Page } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const rounds = 3
const ridge = 0.01

/** One row: the same work at growing sizes, with the ratio to the first. */
async function grow(
  what: string,
  sizes: readonly number[],
  prepare: (size: number) => Promise<() => Promise<unknown>>
): Promise<Figure[]> {
  const figures: Figure[] = []
  let first: number | undefined
  for (const size of sizes) {
    const seconds = await medianSeconds(rounds, await prepare(size))
    first ??= seconds
    const ratio = `${(seconds / first).toFixed(1)} for ${(size / sizes[0]).toFixed(1)} times as many`
    figures.push({ what: `${what}: ${size}`, figure: `${seconds.toFixed(2)} s, ${ratio}` })
  }
  return figures
}

/** The first rows and columns of a table. */
function corner({ columns, data }: Matrix, rows: number, width: number): Matrix {
  if (width === columns) return { rows, columns, data: data.subarray(0, rows * columns) }
  const copied = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++)
    copied.set(data.subarray(row * columns, row * columns + width), row * width)
  return { rows, columns: width, data: copied }
}

type Size = { anchors: number; width: number; vectors: number; sources: number }

/** The exact search by a mixing basis on parts of two tables, cold (the target prepared anew) or warm. */
function searcher(targetTable: Matrix, sourceTable: Matrix) {
  return async (
    { anchors, width, vectors, sources }: Size,
    warm: boolean
  ): Promise<() => Promise<unknown>> => {
    const [own, theirs] = [
      corner(targetTable, anchors, width),
      corner(sourceTable, anchors, sourceTable.columns)
    ]
    const sides = Array.from({ length: sources }, (_, index) => ({
      space: prepareSource(theirs, `source ${index}`, 'cpu'),
      prompt: syntheticPrompt(theirs, vectors, index),
      weight: 1
    }))
    const table = syntheticTargetTable(own)
    const prepare = () => prepareTarget(own, 'target', 'cpu')
    const prepared = prepare()
    const solve = (space: typeof prepared) =>
      solveMixingBasis({
        sources: sides,
        target: { space, table },
        mask: { kind: 'all' },
        ridge,
        rescale: 'after'
      })
    if (warm) await solve(prepared)
    return () => solve(warm ? prepared : prepare())
  }
}

async function growSearches(): Promise<Figure[]> {
  const { anchors, source, target: width, vectors } = paperSize
  const search = searcher(...(await twoTables(anchors, width, source)))
  const usual = { anchors, width, vectors, sources: 1 }
  const anchorCounts = [4308, 8615, 17_230]
  return [
    ...(await grow('anchors, new target', anchorCounts, (size) =>
      search({ ...usual, anchors: size }, false)
    )),
    ...(await grow('width, new target', [256, 512, 1024], (size) =>
      search({ ...usual, width: size }, false)
    )),
    ...(await grow('anchors, same target', anchorCounts, (size) =>
      search({ ...usual, anchors: size }, true)
    )),
    ...(await grow('prompt vectors', [5, 50, 205], (size) => search({ ...usual, vectors: size }, true))),
    ...(await grow('sources', [1, 2, 4], (size) => search({ ...usual, sources: size }, true)))
  ]
}

async function twoTables(anchors: number, ...widths: [number, number]): Promise<[Matrix, Matrix]> {
  const [first, second] = await syntheticTables(anchors, widths)
  return [first, second]
}

const candidateWords = 17_000

async function growAsking(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    await writeBertFolder(folder)
    const lease = await leaseLanguageModel({ folder }, 'cpu')
    const model = lease.value
    const words = Array.from({ length: candidateWords }, (_, index) => word(index))
    const verbaliser = buildVerbaliser(words, model.tokenizer)
    const { vectors } = paperSize
    const ready = (count: number): ReadyCondition[] =>
      Array.from({ length: count }, (_, seed) => ({
        name: `${seed}`,
        template: parseTemplate(promptTemplate(vectors)),
        vectors: randomVectors(vectors, seed, model)
      }))
    const ask = (examples: number, prompts: number) => async () => () =>
      evaluate(model, ready(prompts), makeExamples(examples, candidateWords), verbaliser)
    const figures = [
      ...(await grow('examples, one prompt', [16, 32, 64], (size) => ask(size, 1)())),
      ...(await grow('prompts, 16 examples', [1, 2, 4], (size) => ask(16, size)()))
    ]
    await lease.release()
    return figures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function benchExperimentScale(page: Page): Promise<void> {
  page.text(
    'one source of 768, 17,230 anchors, 1024 wide, 5 vectors where the row says nothing else; then BERT-base'
  )
  page.figures(await growSearches())
  page.figures(await growAsking())
}
