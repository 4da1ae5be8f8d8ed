/** Small embedding tables that share a structure, prepared for the method. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { statisticsOf } from '#engine/common/mixing/rescale.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import type { Provider } from '#engine/devices/session.ts'
import { prepareTable } from '#engine/neighbours/word-table.ts'
import { prepareSource, type SourceSpace } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import type { TransferSource, TransferTarget } from '#engine/transfer/transfer-input.ts'

export type SmallWorld = {
  sources: (TransferSource & { space: SourceSpace; anchors: Matrix })[]
  target: TransferTarget
}

const latent = 12

/** `[anchors, width]`: a linear picture of one hidden structure, with noise; columns fade with `decay`. */
export function sharedTable(anchors: number, width: number, seed: number, decay = 1): Matrix {
  const shared = seededNormal(1, anchors * latent, 0, 1)
  const mixing = seededNormal(seed, latent * width, 0, latent ** -0.5)
  const data = seededNormal(seed + 1000, anchors * width, 0.02, 0.3)
  for (let i = 0; i < anchors; i++)
    for (let j = 0; j < width; j++) {
      for (let l = 0; l < latent; l++) data[i * width + j] += shared[i * latent + l] * mixing[l * width + j]
      data[i * width + j] *= 0.05 * decay ** j
    }
  return { rows: anchors, columns: width, data }
}

/** Vectors near the mean of two anchors each: `[vectors, width]`. */
export function promptNear(anchors: Matrix, vectors: number, seed: number): Matrix {
  const { rows, columns } = anchors
  const data = seededNormal(seed, vectors * columns, 0, 0.01)
  for (let i = 0; i < vectors; i++)
    for (let j = 0; j < columns; j++)
      for (const word of [i * 7 + 3, i * 11 + 5])
        data[i * columns + j] += anchors.data[(word % rows) * columns + j] / 2
  return { rows: vectors, columns, data }
}

/** The target's side of a transfer where the table holds the anchors alone. */
export function targetOf(anchors: Matrix, device: Provider = 'cpu'): TransferTarget {
  const ids = Array.from({ length: anchors.rows }, (_, id) => id)
  const tokens = ids.map((id) => `word${id}`)
  return {
    space: prepareTarget(anchors, 'the target', device),
    table: prepareTable(anchors, tokens, ids, statisticsOf(anchors.data))
  }
}

export function smallWorld({
  anchors = 120,
  widths = [14, 18],
  target = 20,
  vectors = 3,
  decay = 1,
  device = 'cpu' as Provider
} = {}): SmallWorld {
  const sources = widths.map((width, index) => {
    const table = sharedTable(anchors, width, 10 + index)
    return {
      anchors: table,
      space: prepareSource(table, `source ${index}`, device),
      prompt: promptNear(table, vectors, 50 + index),
      weight: 1 + index
    }
  })
  return { sources, target: targetOf(sharedTable(anchors, target, 30, decay), device) }
}
