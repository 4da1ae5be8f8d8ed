import { expect, it } from 'vitest'
import { listInParts } from '#main/api/list-in-parts.ts'

/** A list that is another one with every reading, and how often it was read. */
function changingList() {
  let times = 0
  const read = async (): Promise<number[]> => [++times, 20, 30, 40, 50]
  return { list: listInParts(read), times: () => times }
}

it('gives parts of one list until its last was given', async () => {
  const { list, times } = changingList()
  expect(await list({ reading: 'a', from: 0, limit: 2 })).toEqual([1, 20])
  expect(await list({ reading: 'a', from: 2, limit: 2 })).toEqual([30, 40])
  expect(await list({ reading: 'a', from: 4, limit: 2 })).toEqual([50])
  expect(times()).toBe(1)
  await expect(list({ reading: 'a', from: 6, limit: 2 })).rejects.toMatchObject({ code: 'not-found' })
})

it('knows the list until it was asked for what is behind it', async () => {
  const { list, times } = changingList()
  expect(await list({ reading: 'a', from: 0, limit: 5 })).toEqual([1, 20, 30, 40, 50])
  expect(await list({ reading: 'a', from: 5, limit: 5 })).toEqual([])
  expect(times()).toBe(1)
})

it('keeps readings apart that go on at the same time', async () => {
  let items = [1, 2, 3, 4]
  const list = listInParts(async () => items)
  expect(await list({ reading: 'a', from: 0, limit: 2 })).toEqual([1, 2])
  items = [0, ...items]
  expect(await list({ reading: 'b', from: 0, limit: 3 })).toEqual([0, 1, 2])
  expect(await list({ reading: 'a', from: 2, limit: 3 })).toEqual([3, 4])
  expect(await list({ reading: 'b', from: 3, limit: 3 })).toEqual([3, 4])
})

it('keeps no list of a reading that was given up long ago, nor of one that was given whole', async () => {
  const { list } = changingList()
  for (let reading = 0; reading < 20; reading++) await list({ reading: `${reading}`, from: 0, limit: 1 })
  await expect(list({ reading: '0', from: 1, limit: 1 })).rejects.toMatchObject({ code: 'not-found' })
  expect(await list({ reading: '19', from: 1, limit: 1 })).toEqual([20])
  expect(await list({ reading: '19', from: 0 })).toHaveLength(5)
  await expect(list({ reading: '19', from: 1, limit: 1 })).rejects.toMatchObject({ code: 'not-found' })
})
