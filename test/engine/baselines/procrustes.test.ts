import { SingularValueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import { procrustes } from '#engine/baselines/procrustes.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { rotateByPadding } from '#test/support/reference-baselines.ts'
import { toRows } from '#test/support/reference-method.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const tables = { narrow: sharedTable(120, 14, 10), wide: sharedTable(120, 20, 30) }

describe.each([
  ['wider', tables.narrow, tables.wide],
  ['narrower', tables.wide, tables.narrow],
  ['of one width', tables.narrow, sharedTable(120, 14, 30)]
])('to a target that is %s', (_, source, target) => {
  const prompt = promptNear(source, 3, 5)

  test('equals the square map between padded tables', async () => {
    const { vectors, notes } = await procrustes({ source, target }, prompt)
    const expected = rotateByPadding(toRows(source), toRows(target), toRows(prompt))
    expect(largestDifference(vectors.data, expected.flat())).toBeLessThan(1e-9)
    expect(notes).toEqual([])
  })
})

test('a target that is the source turned is met, and lengths are kept', async () => {
  const source = tables.narrow
  const random = SmallMatrix.from1DArray(14, 14, seededNormal(9, 196, 0, 1))
  const { leftSingularVectors: turn } = new SingularValueDecomposition(random)
  const turned = ({ rows, data }: Matrix): Matrix => ({
    rows,
    columns: 14,
    data: Float32Array.from(SmallMatrix.from1DArray(rows, 14, data).mmul(turn).to1DArray())
  })
  const prompt = promptNear(source, 3, 5)
  const { vectors } = await procrustes({ source, target: turned(source) }, prompt)
  expect(largestDifference(vectors.data, turned(prompt).data)).toBeLessThan(1e-6)
})

test('fewer anchors than dimensions are said', async () => {
  const few = { source: sharedTable(9, 14, 10), target: sharedTable(9, 20, 30) }
  const { notes } = await procrustes(few, few.source)
  expect(notes).toEqual(['The anchors decide on 9 of 14 directions; what lies in the others is lost.'])
})
