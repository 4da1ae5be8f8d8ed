/** A whole suite of relations to one target under a common mask, from nothing prepared. */
import { toDense, transpose } from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { placeVectors, reportedWords } from '#engine/neighbours/word-table.ts'
import { encode, prepareSource } from '#engine/transfer/relative-code.ts'
import { stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transferSuite } from '#engine/transfer/transfer-suite.ts'
import { type Page, ratioFigure, shortestInTurns, timeFigure } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const [relations, rounds] = [41, 16]

export async function benchRelationSuite(page: Page): Promise<void> {
  page.text(
    '41 relations of 5 vectors, one mask of 8,192 anchors for all of them, 17,230 anchors, 768 → 1024 wide; the target’s table is open, so that the lengths of its rows are known'
  )
  const { anchors, source, target, vectors, kept } = paperSize
  const [sourceTable, targetTable] = await syntheticTables(anchors, [source, target])
  const prompts = Array.from({ length: relations }, (_, relation) =>
    syntheticPrompt(sourceTable, vectors, relation)
  )
  const table = syntheticTargetTable(targetTable)
  const suite = async (ridge: number): Promise<void> => {
    const space = prepareSource(sourceTable, 'source', 'cpu')
    const targetSpace = prepareTarget(targetTable, 'target', 'cpu', 'none', table.lengths)
    await transferSuite({
      sources: [{ space, prompts, weight: 1 }],
      target: { space: targetSpace, table },
      mask: { kind: 'common-top-k', k: kept },
      ridge,
      rescale: 'after'
    })
  }
  const sources = prepareSource(sourceTable, 'source', 'cpu')
  const stacked = stackPrompts(prompts)
  const found = stackPrompts(prompts.map((_, relation) => syntheticPrompt(targetTable, vectors, relation)))
  const byDimension = transpose(toDense(targetTable))
  const [yardstick, plain, ridged, described] = await shortestInTurns(rounds, [
    () => doubleProducts.timesTransposed(byDimension, byDimension),
    () => suite(0),
    () => suite(0.1),
    async () => {
      await encode(stacked, sources)
      await placeVectors(table, found, reportedWords, 'cpu')
    }
  ])
  page.figures([
    timeFigure('yardstick', yardstick),
    ratioFigure(`${relations} relations, reports included, in yardsticks`, plain / yardstick, 1.6),
    ratioFigure('the same with ridge 0.1, in yardsticks', ridged / yardstick, 1.6),
    ratioFigure(
      'of it the codes of the source and the nearest words of the results',
      described / yardstick,
      0.3
    ),
    timeFigure(`${relations} relations, reports included`, plain, 3)
  ])
}
