/** The exact search against the paper's, both ours, at the paper's size. */

import { toDense, transpose } from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import type { TransferInput, TransferSource } from '#engine/transfer/transfer-input.ts'
import { medianSeconds, printFigures, timed, timeFigure } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const adamSteps = { measured: 100, full: 2000 }

export async function benchExactAgainstAdam(print: (line: string) => void): Promise<void> {
  print('17,230 anchors, 768 → 1024 wide, 5 vectors, 8,192 anchors kept per vector')
  const { anchors, source, target, vectors, kept } = paperSize
  const [sourceTable, targetTable] = await syntheticTables(anchors, [source, target])
  const prompt = syntheticPrompt(sourceTable, vectors, 5)
  const table = syntheticTargetTable(targetTable)
  const input = (): Omit<TransferInput, 'solver'> => {
    const sources: TransferSource[] = [
      { space: prepareSource(sourceTable, 'source', 'cpu'), prompt, weight: 1 }
    ]
    const space = prepareTarget(targetTable, 'target', 'cpu')
    return {
      sources,
      target: { space, table },
      mask: { kind: 'top-k', k: kept, from: 'sum' },
      rescale: 'after'
    }
  }
  const exact = (ridge: number) => ({ kind: 'exact', ridge }) as const
  const cold = await timed(() => transfer({ ...input(), solver: exact(0) }))
  const coldRidge = await timed(() => transfer({ ...input(), solver: exact(0.1) }))
  const warmInput = input()
  await transfer({ ...warmInput, solver: exact(0) })
  const warm = await timed(() => transfer({ ...warmInput, solver: exact(0) }))
  const adam = await timed(() =>
    transfer({
      ...warmInput,
      solver: {
        kind: 'adam',
        steps: adamSteps.measured,
        learningRate: 5e-3,
        seed: 1,
        selection: 'lowest-loss'
      }
    })
  )
  const byDimension = transpose(toDense(targetTable))
  const yardstick = await medianSeconds(5, () => doubleProducts.timesTransposed(byDimension, byDimension))
  const adamSeconds = ((adam.seconds - warm.seconds) * adamSteps.full) / adamSteps.measured
  printFigures(print, [
    timeFigure('exact, cold (Gram matrix, factor, report)', cold.seconds, 1),
    timeFigure('exact with ridge 0.1, cold', coldRidge.seconds, 1),
    timeFigure('exact, target prepared before', warm.seconds),
    { what: 'its mean matching', figure: warm.result.report.meanMatching.toFixed(6) },
    timeFigure(`Adam, ${adamSteps.full} steps, from ${adamSteps.measured} measured`, adamSeconds),
    {
      what: `Adam's mean matching after ${adamSteps.measured} steps`,
      figure: adam.result.report.meanMatching.toFixed(6)
    },
    timeFigure('yardstick: the full Gram product in float64, by onnxruntime alone', yardstick),
    { what: 'exact, cold : yardstick', figure: `${(cold.seconds / yardstick).toFixed(1)} : 1` },
    { what: 'Adam : exact, cold', figure: `${(adamSeconds / cold.seconds).toFixed(0)} : 1` }
  ])
}
