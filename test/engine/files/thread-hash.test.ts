/** SHA-256 in a thread, against the same hash in this one. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { streamedHash } from '#engine/files/thread-hash.ts'

// The first in this thread, the second in one of its own; neither a whole number of pieces.
test.each([1_000_003, 40_000_003])('of %d bytes in parts of any size is that of the whole', async (size) => {
  const bytes = new Uint8Array(size).map((_, i) => (i * 7 + (i >> 8)) % 251)
  const hash = streamedHash(size)
  try {
    for (let start = 0, length = 1; start < size; start += length, length = 3 * length + 1)
      await hash.update(bytes.subarray(start, start + length))
    expect(await hash.digest()).toBe(createHash('sha256').update(bytes).digest('hex'))
  } finally {
    await hash.end()
  }
})

test('is ended in the middle, as a reading that fails does', async () => {
  const hash = streamedHash(40_000_000)
  await hash.update(new Uint8Array(1_000_000))
  await expect(hash.end()).resolves.toBeUndefined()
})
