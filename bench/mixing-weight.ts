/** A new mixing weight, as a slider asks for it, against solving again. */
import { mix } from '#engine/common/mixing/mixing.ts'
import { solveMixingBasis } from '#engine/transfer/mixing-basis.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import { medianSeconds, type Page, timed, timeFigure } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

const settings = { mask: { kind: 'all' }, rescale: 'after' } as const
const ridge = 0.1

export async function benchMixingWeight(page: Page): Promise<void> {
  page.text('two sources, 5 vectors, 17,230 anchors, 768 → 1024 wide')
  const { anchors, source, target, vectors } = paperSize
  const tables = await syntheticTables(anchors, [source, source, target])
  const sources = [0, 1].map((index) => ({
    space: prepareSource(tables[index], `source ${index}`, 'cpu'),
    prompt: syntheticPrompt(tables[index], vectors, 5),
    weight: 1
  }))
  const targetSide = {
    space: prepareTarget(tables[2], 'target', 'cpu'),
    table: syntheticTargetTable(tables[2])
  }
  const basis = await timed(() => solveMixingBasis({ sources, target: targetSide, ridge, ...settings }))
  const again = await medianSeconds(3, () =>
    transfer({ sources, target: targetSide, search: { kind: 'exact', ridge }, ...settings })
  )
  const weight = await medianSeconds(200, async () => mix(basis.result, [0.3, 0.7]))
  page.figures([
    timeFigure('the basis of two sources, cold', basis.seconds),
    timeFigure('a new weight', weight, 0.016),
    timeFigure('solving again with the factors kept', again),
    { what: 'solving again : a new weight', figure: `${(again / weight).toFixed(0)} : 1` }
  ])
}
