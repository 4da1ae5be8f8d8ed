/** What was prepared last is kept, whether it was there at once or took its time; a failure is not. */
import { expect, it } from 'vitest'
import { recentResults } from '#engine/transfer/recent-results.ts'

it('prepares again only what was asked for longest ago', () => {
  const made: string[] = []
  const results = recentResults<number>(2)
  const get = (key: string): number => results.get(key, () => made.push(key))
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

it('keeps what took its time, and tries again what failed', async () => {
  const results = recentResults<string>(2)
  const fail = () => Promise.reject(new Error('cancelled'))
  await expect(results.getLater('a', fail)).rejects.toThrow('cancelled')
  expect(await results.getLater('a', () => Promise.resolve('trained'))).toBe('trained')
  expect(await results.getLater('a', fail)).toBe('trained')
})
