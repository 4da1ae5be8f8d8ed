/** The same inputs give the same bytes, whatever the engine was asked for before on the same target. */
import { expect, test } from 'vitest'
import type { MaskSettings } from '#engine/common/contract/transfer.ts'
import { solveMixingBasis } from '#engine/transfer/mixing-basis.ts'
import { ridgePath } from '#engine/transfer/ridge-path.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import { type SmallWorld, smallWorld } from '#test/support/small-world.ts'

const masks: readonly MaskSettings[] = [
  { kind: 'all' },
  { kind: 'common-top-k', k: 200 },
  { kind: 'top-k', k: 150, from: 'sum' },
  // So few that conjugate gradients end before they arrive.
  { kind: 'top-k', k: 55, from: 'sum' }
]

type Asked = (world: SmallWorld) => Promise<unknown>

const exactly = (mask: MaskSettings, ridge: number): Asked => {
  return ({ sources, target }) =>
    transfer({ sources, target, mask, search: { kind: 'exact', ridge }, rescale: 'after' })
}

/** Whatever is asked of one target: transfers under each mask, with and without ridge, a path and a basis. */
const everything: readonly Asked[] = [
  ...masks.flatMap((mask) => [exactly(mask, 0), exactly(mask, 0.1)]),
  ({ sources, target }) => ridgePath({ sources, target, mask: masks[2], rescale: 'after' }, [0, 0.1, 1]),
  ({ sources, target }) => solveMixingBasis({ sources, target, mask: masks[2], ridge: 0.1, rescale: 'after' })
]

await describeOnDevices('what was asked before changes no byte', (device) => {
  // The second as good as singular in float32, where the factor of float64 stands in.
  test.each([0.9, 0.75])('of tables whose columns fade by %d', async (decay) => {
    const open = () => smallWorld({ anchors: 300, widths: [60, 40], target: 50, vectors: 2, decay, device })
    const alone = []
    for (const asked of everything) alone.push(await asked(open()))

    const [upwards, downwards] = [open(), open()]
    for (const [index, asked] of everything.entries())
      expect(await asked(upwards), `request ${index} after those before it`).toStrictEqual(alone[index])
    for (const [index, asked] of [...everything.entries()].reverse())
      expect(await asked(downwards), `request ${index} after those behind it`).toStrictEqual(alone[index])
  })
})
