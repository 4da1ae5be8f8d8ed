/** Embedding tables and prompts of the paper's size that share a structure, as those of real models do. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { statisticsOf } from '#engine/common/mixing/rescale.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { singleProducts } from '#engine/linear-algebra/products.ts'
import { prepareTable, type TargetTable } from '#engine/neighbours/word-table.ts'

/** The paper's anchors, and the widths of a base and a large model. */
export const paperSize = { anchors: 17_230, source: 768, target: 1024, vectors: 5, kept: 8192 }

const latent = 64

/** Tables of the given widths over one hidden structure: each `[anchors, width]`. */
export async function syntheticTables(anchors: number, widths: readonly number[]): Promise<Matrix[]> {
  const shared = { rows: anchors, columns: latent, data: seededNormal(1, anchors * latent, 0, 1) }
  const tables: Matrix[] = []
  for (const [index, width] of widths.entries()) {
    const mixing = {
      rows: width,
      columns: latent,
      data: seededNormal(2 + index, latent * width, 0, latent ** -0.5)
    }
    const table = await singleProducts('cpu').timesTransposed(shared, mixing)
    const noise = seededNormal(20 + index, table.data.length, 0.2, 0.4)
    for (let i = 0; i < noise.length; i++) table.data[i] = 0.05 * (table.data[i] + noise[i])
    tables.push(table)
  }
  return tables
}

/** Prompt vectors near the mean of three words each, with noise: `[vectors, width]`. */
export function syntheticPrompt(table: Matrix, vectors: number, seed: number): Matrix {
  const { rows, columns } = table
  const data = seededNormal(seed, vectors * columns, 0, 0.02)
  for (let i = 0; i < vectors; i++)
    for (let word = 0; word < 3; word++) {
      const row = (seed * 7919 + i * 104_729 + word * 1299) % rows
      for (let j = 0; j < columns; j++) data[i * columns + j] += table.data[row * columns + j] / 3
    }
  return { rows: vectors, columns, data }
}

/** A target's table whose rows are the anchors themselves. */
export function syntheticTargetTable(table: Matrix): TargetTable {
  const tokens = Array.from({ length: table.rows }, (_, row) => `word${row}`)
  return prepareTable(
    table,
    tokens,
    tokens.map((_, row) => row),
    statisticsOf(table.data)
  )
}
