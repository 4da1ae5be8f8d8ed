/** Work side by side: both answers, or the first failure with nothing left at work. */
import { expect, test } from 'vitest'
import { sideBySide } from '#engine/models/side-by-side.ts'

const untilStopped = (signal: AbortSignal): Promise<string> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))

test('answers with what both answer', async () => {
  expect(
    await sideBySide(
      async () => 1,
      async () => 'two'
    )
  ).toEqual([1, 'two'])
})

test('stops the first where the second fails', async () => {
  let stopped = false
  const first = async (signal: AbortSignal) => await untilStopped(signal).finally(() => (stopped = true))
  await expect(sideBySide(first, () => Promise.reject(new Error('second')))).rejects.toThrow('second')
  expect(stopped).toBe(true)
})

test('hands on what cancels both', async () => {
  const control = new AbortController()
  const work = sideBySide(untilStopped, async () => 2, control.signal)
  control.abort()
  await expect(work).rejects.toThrow('stopped')
})
