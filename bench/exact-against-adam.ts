/** The exact search against the paper's, both ours, at the paper's size. */

import { toDense, transpose } from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import type { TransferInput, TransferSource } from '#engine/transfer/transfer-input.ts'
import { atLeastFigure, type Page, ratioFigure, shortestInTurns, timed, timeFigure } from './figures.ts'
import { notMeasured, pytorchStep } from './pytorch.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const rounds = 16
/** Steps of two searches, whose difference says what a step takes beside what is done once, and of a whole one. */
const adamSteps = { few: 100, more: 400, full: 2000 }

export async function benchExactAgainstAdam(page: Page): Promise<void> {
  page.text(
    '17,230 anchors, 768 → 1024 wide, 5 vectors, 8,192 anchors kept per vector; the target’s table is open, so that the lengths of its rows are known'
  )
  const { anchors, source, target, vectors, kept } = paperSize
  const [sourceTable, targetTable] = await syntheticTables(anchors, [source, target])
  const prompt = syntheticPrompt(sourceTable, vectors, 5)
  const table = syntheticTargetTable(targetTable)
  const input = (): Omit<TransferInput, 'search'> => {
    const sources: TransferSource[] = [
      { space: prepareSource(sourceTable, 'source', 'cpu'), prompt, weight: 1 }
    ]
    const space = prepareTarget(targetTable, 'target', 'cpu', 'none', table.lengths)
    return {
      sources,
      target: { space, table },
      mask: { kind: 'top-k', k: kept, from: 'sum' },
      rescale: 'after'
    }
  }
  const exact = (ridge: number) => ({ kind: 'exact', ridge }) as const
  const byDimension = transpose(toDense(targetTable))
  const [yardstick, cold, coldRidge] = await shortestInTurns(rounds, [
    () => doubleProducts.timesTransposed(byDimension, byDimension),
    () => transfer({ ...input(), search: exact(0) }),
    () => transfer({ ...input(), search: exact(0.1) })
  ])
  const warmInput = input()
  await transfer({ ...warmInput, search: exact(0) })
  const warm = await timed(() => transfer({ ...warmInput, search: exact(0) }))
  const adam = (steps: number) =>
    timed(() =>
      transfer({
        ...warmInput,
        search: { kind: 'adam', steps, learningRate: 5e-3, seed: 1, selection: 'lowest-loss' }
      })
    )
  const [few, more] = [await adam(adamSteps.few), await adam(adamSteps.more)]
  const step = (more.seconds - few.seconds) / (adamSteps.more - adamSteps.few)
  const adamSeconds = more.seconds + (adamSteps.full - adamSteps.more) * step
  page.figures([
    timeFigure('yardstick', yardstick),
    ratioFigure('exact, cold (Gram matrix, factor, report), in yardsticks', cold / yardstick, 1.3),
    ratioFigure('exact with ridge 0.1, cold, in yardsticks', coldRidge / yardstick, 1.3),
    timeFigure('exact, cold', cold, 1),
    timeFigure('exact, target prepared before', warm.seconds),
    { what: 'its mean matching', figure: warm.result.report.meanMatching.toFixed(6) },
    timeFigure(`Adam, ${adamSteps.full} steps, from ${adamSteps.more} measured`, adamSeconds),
    {
      what: `Adam's mean matching after ${adamSteps.more} steps`,
      figure: more.result.report.meanMatching.toFixed(6)
    },
    { what: 'our Adam : exact, cold', figure: `${(adamSeconds / cold).toFixed(0)} : 1` }
  ])
  const pytorch = await pytorchStep('search')
  if (pytorch === null) page.text(notMeasured)
  else
    page.figures([
      timeFigure("a step of the paper's search as it is written in PyTorch", pytorch),
      atLeastFigure(`${adamSteps.full} of them : exact, cold`, (adamSteps.full * pytorch) / cold, 300),
      atLeastFigure('a step in PyTorch : of our Adam', pytorch / step, 10)
    ])
}
