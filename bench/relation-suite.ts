/** A whole suite of relations to one target under a common mask, from nothing prepared. */
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transferSuite } from '#engine/transfer/transfer-suite.ts'
import { printFigures, timed, timeFigure } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const relations = 41

export async function benchRelationSuite(print: (line: string) => void): Promise<void> {
  print(
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
  const plain = await timed(() => suite(0))
  const ridged = await timed(() => suite(0.1))
  printFigures(print, [
    timeFigure(`${relations} relations, reports included`, plain.seconds, 3),
    timeFigure('the same with ridge 0.1', ridged.seconds, 3)
  ])
}
