import { expect, test } from 'vitest'
import { directCopy } from '#engine/baselines/direct-copy.ts'

const vectors = { rows: 2, columns: 3, data: new Float32Array([0.1, -2, 3, 4e-8, 5, 6]) }

test('the vectors come back with the same values', () => {
  const { vectors: copied } = directCopy(vectors, 'source', { name: 'target', width: 3 })
  expect([copied.rows, copied.columns]).toEqual([2, 3])
  expect([...copied.data]).toEqual([...vectors.data])
})

test('another width is refused with both widths', () => {
  expect(() => directCopy(vectors, 'source', { name: 'target', width: 4 })).toThrow(
    expect.objectContaining({
      code: 'mismatch',
      detail: expect.objectContaining({
        where: 'target',
        found: 'vectors of source, 3 wide',
        expected: expect.stringMatching(/^4,/)
      })
    })
  )
})
