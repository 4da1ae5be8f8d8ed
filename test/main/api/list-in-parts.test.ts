import { expect, it } from 'vitest'
import { listInParts } from '#main/api/list-in-parts.ts'

it('gives parts of one list until its last was given', async () => {
  let read = 0
  const list = listInParts(async () => [++read, 20, 30, 40, 50])
  expect(await list({ from: 0, limit: 2 })).toEqual([1, 20])
  expect(await list({ from: 2, limit: 2 })).toEqual([30, 40])
  expect(await list({ from: 4, limit: 2 })).toEqual([50])
  expect(read).toBe(1)
  expect(await list({ from: 5, limit: 2 })).toEqual([])
  expect(read).toBe(2)
})

it('knows the list until it was asked for what is behind it', async () => {
  let read = 0
  const list = listInParts(async () => [++read, 2])
  expect(await list({ from: 0, limit: 2 })).toEqual([1, 2])
  expect(await list({ from: 2, limit: 2 })).toEqual([])
  expect(read).toBe(1)
})

it('reads anew where the first part, or all, is asked for', async () => {
  let read = 0
  const list = listInParts(async () => [++read, 0, 0])
  await list({ from: 0, limit: 1 })
  expect(await list({ from: 0, limit: 1 })).toEqual([2])
  expect(await list({ from: 1, limit: 1 })).toEqual([0])
  expect(await list({ from: 0 })).toEqual([3, 0, 0])
})
