/** A whole suite of relations to one target under a common mask, from nothing prepared. */
import { toDense, transpose } from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transferSuite } from '#engine/transfer/transfer-suite.ts'
import { type Page, ratioFigure, shortestInTurns, timeFigure } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const [relations, rounds] = [41, 6]

export async function benchRelationSuite(page: Page): Promise<void> {
  page.text(
    '41 relations of 5 vectors, one mask of 8,192 anchors for all of them, 17,230 anchors, 768 → 1024 wide'
  )
  const { anchors, source, target, vectors, kept } = paperSize
  const [sourceTable, targetTable] = await syntheticTables(anchors, [source, target])
  const prompts = Array.from({ length: relations }, (_, relation) =>
    syntheticPrompt(sourceTable, vectors, relation)
  )
  const table = syntheticTargetTable(targetTable)
  const suite = async (ridge: number): Promise<void> => {
    const space = prepareSource(sourceTable, 'source', 'cpu')
    const targetSpace = prepareTarget(targetTable, 'target', 'cpu')
    await transferSuite({
      sources: [{ space, prompts, weight: 1 }],
      target: { space: targetSpace, table },
      mask: { kind: 'common-top-k', k: kept },
      ridge,
      rescale: 'after'
    })
  }
  const byDimension = transpose(toDense(targetTable))
  const [yardstick, plain, ridged] = await shortestInTurns(rounds, [
    () => doubleProducts.timesTransposed(byDimension, byDimension),
    () => suite(0),
    () => suite(0.1)
  ])
  page.figures([
    timeFigure('yardstick', yardstick),
    ratioFigure(`${relations} relations, reports included, in yardsticks`, plain / yardstick, 1.6),
    ratioFigure('the same with ridge 0.1, in yardsticks', ridged / yardstick, 1.6),
    timeFigure(`${relations} relations, reports included`, plain, 3)
  ])
}
