/** What was prepared last is kept, whether it was there at once or took its time; a failure is not. */
import { expect, it, onTestFinished, vi } from 'vitest'
import { releaseKept } from '#engine/memory/kept-between-calls.ts'
import { recentResults } from '#engine/memory/recent-results.ts'

it('prepares again only what was asked for longest ago', () => {
  const made: string[] = []
  const results = recentResults<number>({ most: 2 })
  const get = (key: string): number => results.get(key, () => made.push(key))
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

it('keeps what took its time, and tries again what failed', async () => {
  const results = recentResults<string>({ most: 2 })
  const fail = () => Promise.reject(new Error('cancelled'))
  await expect(results.getLater('a', fail)).rejects.toThrow('cancelled')
  expect(await results.getLater('a', () => Promise.resolve('trained'))).toBe('trained')
  expect(await results.getLater('a', fail)).toBe('trained')
})

it('keeps no more bytes than it may, but the last whatever it takes', () => {
  const results = recentResults<number>({ most: 9, bytes: { most: 10, of: (size) => size } })
  for (const size of [3, 4, 5]) results.get(`${size}`, () => size)
  expect([3, 4, 5].map((size) => results.find(`${size}`))).toEqual([undefined, 4, 5])
  results.get('large', () => 100)
  expect([results.find('5'), results.find('large')]).toEqual([undefined, 100])
})

it('lets go of what is kept for transfers when that is released, not for queries, nor where it takes little', async () => {
  const resident = vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(2 ** 31)
  onTestFinished(() => resident.mockRestore())
  const results = recentResults<number>({ most: 2, keptFor: 'transfers' })
  results.get('a', () => 1)
  await releaseKept('queries')
  expect(results.find('a')).toBe(1)
  resident.mockReturnValue(2 ** 20)
  await releaseKept('transfers')
  expect(results.find('a')).toBe(1)
  resident.mockReturnValue(2 ** 31)
  await releaseKept('transfers')
  expect(results.find('a')).toBeUndefined()
})

it('makes room for what is known to come, and for what is kept already none', () => {
  const results = recentResults<number>({ most: 9, bytes: { most: 10, of: (size) => size } })
  for (const size of [3, 4]) results.get(`${size}`, () => size)
  results.makeRoom('3', 100)
  results.makeRoom('6', 3)
  expect([3, 4].map((size) => results.find(`${size}`))).toEqual([3, 4])
  results.makeRoom('6', 6)
  expect([3, 4].map((size) => results.find(`${size}`))).toEqual([undefined, 4])
  results.makeRoom('100', 100)
  expect(results.find('4')).toBeUndefined()
})
