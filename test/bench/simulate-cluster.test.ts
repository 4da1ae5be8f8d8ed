/** The simulated cluster, on jobs few enough to schedule by hand. */
import { expect, it } from 'vitest'
import { simulateCluster } from '../../bench/simulate-cluster.ts'

const job = (id: string, seconds: number, needs: string[] = []) => ({
  id,
  seconds,
  needs,
  models: [id[0] ?? '']
})
const jobs = [job('a1', 5), job('a2', 3), job('b1', 4, ['a1']), job('b2', 2, ['a1', 'a2'])]

it('runs one after the other on one node, in any order that their needs allow', () => {
  expect(simulateCluster(jobs, 1, 0)).toEqual({ seconds: 14, busy: 1, copies: 2 })
})

it('waits for what is needed, and takes a second before each job', () => {
  // a1 until 6, a2 until 4; then b1 until 11 and b2 until 9.
  expect(simulateCluster(jobs, 2, 1)).toEqual({ seconds: 11, busy: 14 / 22, copies: 4 })
})

it('is no faster than the longest chain, however many nodes there are', () => {
  expect(simulateCluster(jobs, 10, 0)).toEqual({ seconds: 9, busy: 14 / 90, copies: 4 })
})
