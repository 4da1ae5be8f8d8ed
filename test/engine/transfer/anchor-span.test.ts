/** What anchors span, against singular values by ml-matrix in float64 and plain loops, and the sample's models as the engine opens them. */
import { join } from 'node:path'
import { SingularValueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { gatherRows, type Matrix, row, rowRange } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { findAnchorSpan, spanOfAnchors } from '#engine/transfer/anchor-span.ts'
import { openWithTable } from '#test/support/open-with-table.ts'
import { sampleFolder } from '#test/support/window-on-sample.ts'

const nobody = { signal: new AbortController().signal, onShare: () => {} }

/** Normal numbers around a common mean that is far from zero, as tables have one: `[rows, columns]`. */
function tableOf(rows: number, columns: number, seed: number): Matrix {
  const data = seededNormal(seed, rows * columns, 0, 1)
  return { rows, columns, data: data.map((value, at) => value / (1 + (at % columns)) + 3) }
}

/** Rows less their mean. */
function centred(matrix: Matrix): SmallMatrix {
  const rows = new SmallMatrix(Array.from({ length: matrix.rows }, (_, at) => [...row(matrix, at)]))
  return rows.subRowVector(rows.mean('column'))
}

/** The same, at length 1. */
function unit(matrix: Matrix): SmallMatrix {
  return new SmallMatrix(
    centred(matrix)
      .to2DArray()
      .map((vector) => {
        const length = Math.hypot(...vector)
        return vector.map((value) => (length === 0 ? 0 : value / length))
      })
  )
}

/** Of the first `count` anchors, by all singular values; float32 values leave some 1e-7 of what depends on others. */
function reference(anchors: Matrix, tokens: Matrix, count: number) {
  const first = rowRange(anchors, 0, count)
  const singular = new SingularValueDecomposition(unit(first), { autoTranspose: true }).diagonal
  const squares = singular.map((value) => value ** 2)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const rank = singular.filter((value) => value > 1e-5 * Math.max(...singular)).length
  const { rightSingularVectors } = new SingularValueDecomposition(centred(first), { autoTranspose: true })
  const words = centred(tokens)
  const within = words.mmul(rightSingularVectors.subMatrix(0, anchors.columns - 1, 0, rank - 1))
  return {
    rank,
    effectiveRank: sum(squares) ** 2 / sum(squares.map((value) => value ** 2)),
    coverage: within.norm() ** 2 / words.norm() ** 2
  }
}

function expectAsReference(
  anchors: Matrix,
  tokens: Matrix,
  points: Awaited<ReturnType<typeof spanOfAnchors>>['points']
) {
  for (const { anchors: count, rank, effectiveRank, coverage } of points) {
    const expected = reference(anchors, tokens, count)
    expect([count, rank]).toEqual([count, expected.rank])
    // Its Gram matrix is in float32.
    expect(Math.abs(effectiveRank / expected.effectiveRank - 1)).toBeLessThan(1e-5)
    expect(Math.abs(coverage - expected.coverage)).toBeLessThan(1e-6)
  }
}

describe('what anchors span', () => {
  // More than one block of directions, and of rows.
  const width = 80
  const tokens = tableOf(300, width, 1)

  it('has the ranks, effective ranks and shares of variance of a singular value decomposition', async () => {
    const anchors = tableOf(230, width, 2)
    const { determinedBy, points } = await spanOfAnchors(anchors, tokens, 'cpu', nobody)
    expect(points.map(({ anchors: count }) => count)).toEqual([2, 5, 10, 20, 50, 81, 100, 200, 230])
    expect(determinedBy).toBe(width + 1)
    expectAsReference(anchors, tokens, points)
    expect(points.at(-1)?.coverage).toBeCloseTo(1, 12)
  })

  it('counts no anchor that follows from those before it, and says so where all span less than the width', async () => {
    const few = tableOf(40, width, 3)
    // Each twice in turn, then means of two, which are in their plane.
    const repeated = gatherRows(
      few,
      Array.from({ length: 80 }, (_, at) => Math.floor(at / 2))
    )
    const means = few.data.slice(width).map((value, at) => (value + few.data[at]) / 2)
    const anchors = { rows: 119, columns: width, data: new Float32Array([...repeated.data, ...means]) }
    const { determinedBy, points } = await spanOfAnchors(anchors, tokens, 'cpu', nobody)
    expect(determinedBy).toBeNull()
    expect(points.map(({ anchors: count, rank }) => [count, rank])).toEqual([
      [2, 0],
      [5, 2],
      [10, 4],
      [20, 9],
      [50, 24],
      [100, 39],
      [119, 39]
    ])
    expect(points[0]).toEqual({ anchors: 2, rank: 0, effectiveRank: 0, coverage: 0 })
    expectAsReference(anchors, tokens, points.slice(1))
    expect(points.at(-1)?.coverage).toBeLessThan(0.999)
  })

  it('is found of the sample’s models by the words that they share, and is told on the way', async () => {
    const models = ['bert-small', 'gpt2'].map((name) => ({ folder: join(sampleFolder, 'models', name) }))
    const recipe = anchorRecipeSchema.parse({ cap: 150, order: { by: 'sample', seed: 5 } })
    const shares: number[] = []
    const context = {
      signal: nobody.signal,
      progress: ({ done, total }: { done: number; total: number }) => shares.push(done / total)
    }
    const found = await findAnchorSpan({ models, recipe, device: 'cpu' }, 'cpu', context)
    expect(found.anchors).toBe(150)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    const opened = await Promise.all(models.map(async (model) => await openWithTable(model)))
    const named = opened.map(({ report, vocabulary, tokenizer }) => ({
      name: report.name,
      vocabulary,
      tokenizer
    }))
    const { anchors } = await buildAnchorSet({ name: 'same', models: named, recipe }, nobody)
    for (const [index, { table, usedRows }] of opened.entries()) {
      const { name, width: wide, tokens: drawn, points } = found.models[index]
      expect([name, wide, drawn]).toEqual([named[index].name, table.columns, Math.min(4096, usedRows.length)])
      if (drawn === usedRows.length)
        expectAsReference(
          gatherRows(table, requireAnchors(anchors, named[index])),
          gatherRows(table, usedRows),
          points
        )
    }
    const told = shares.length
    expect(await findAnchorSpan({ models, recipe, device: 'cpu' }, 'cpu', context)).toEqual(found)
    // A beginning for each model, and nothing computed.
    expect(shares.length - told).toBe(2)
  })

  it('ends where it is cancelled', async () => {
    const cancelling = new AbortController()
    const onShare = (): void => cancelling.abort()
    const context = { signal: cancelling.signal, onShare }
    await expect(spanOfAnchors(tableOf(100, width, 4), tokens, 'cpu', context)).rejects.toMatchObject({
      code: 'cancelled'
    })
  })
})
