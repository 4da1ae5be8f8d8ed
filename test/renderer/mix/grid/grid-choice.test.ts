/** The grid of transfers that a choice in the dialog makes. */
import { describe, expect, it } from 'vitest'
import type { Lists } from '#renderer/connection/lists.ts'
import { candidatesOf, gridOf, relationsOf, startingGrid } from '#renderer/mix/grid/grid-choice.ts'
import { sourcesOf } from '#renderer/mix/mix-choice.ts'
import { mixLists, mixSetup, promptSummary } from '#test/support/mix-lists.ts'

function start(lists: Lists = mixLists, setup = mixSetup) {
  const sources = sourcesOf(setup, lists)
  const candidates = candidatesOf(setup, sources, lists)
  return { candidates, choice: startingGrid(setup, sources, candidates, lists) }
}

describe('a grid', () => {
  it('starts as the mixture and its parts', () => {
    const { candidates, choice } = start()
    expect(gridOf(choice, candidates, mixSetup)).toEqual({
      sources: [
        { modelId: 'left', promptIds: ['left P1'] },
        { modelId: 'right', promptIds: ['right P1'] }
      ],
      together: { least: 1, most: 2 },
      includeSelfTransfer: false,
      targetIds: ['large'],
      anchorSetIds: ['words'],
      masks: [{ kind: 'all' }],
      centres: [mixSetup.centre],
      searches: [{ kind: 'exact', ridges: [mixSetup.ridge] }],
      baselines: [],
      rescale: 'after',
      evaluation: { split: 'test', limit: null, taskId: null }
    })
  })

  it('takes every relation that is wanted, with every setting', () => {
    const { candidates, choice } = start()
    expect(relationsOf(candidates)).toEqual(['P1', 'P2'])
    const change = {
      relations: ['P1', 'P2'],
      kept: 'all, 10',
      ridges: '0, 0.1',
      adam: true,
      baselines: ['procrustes'] as const,
      seeds: '4 5',
      centres: ['none', 'mean'] as const
    }
    const grid = gridOf({ ...choice, ...change, mask: 'common-top-k', evaluate: false }, candidates, mixSetup)
    expect(grid).toMatchObject({
      sources: [{ promptIds: ['left P1', 'left P2'] }, { promptIds: ['right P1', 'right P2'] }],
      masks: [{ kind: 'all' }, { kind: 'common-top-k', k: 10 }],
      centres: ['none', 'mean'],
      searches: [
        { kind: 'exact', ridges: [0, 0.1] },
        { kind: 'adam', steps: 2000, seeds: [4, 5] }
      ],
      baselines: [{ kind: 'procrustes' }],
      evaluation: null
    })
  })

  it('may be of baselines alone', () => {
    const { candidates, choice } = start()
    const compared = { ...choice, exact: false, baselines: ['direct-copy', 'ridge'] as const }
    expect(gridOf(compared, candidates, mixSetup)).toMatchObject({
      searches: [],
      baselines: [{ kind: 'direct-copy' }, { kind: 'ridge' }]
    })
  })

  it('takes of several prompts of a relation the one of the mixture, else the newest that was not carried', () => {
    const newer = promptSummary('right', 'P1', { id: 'newer', createdAt: 2 })
    const newerOther = promptSummary('right', 'P2', { id: 'newer other', createdAt: 2 })
    const carried = promptSummary('right', 'P2', { id: 'carried', createdAt: 3, runId: 'run' })
    const shorter = promptSummary('right', 'P2', { id: 'shorter', createdAt: 4, vectorCount: 3 })
    const prompts = [...mixLists.prompts, newer, newerOther, carried, shorter]
    const { candidates } = start({ ...mixLists, prompts })
    expect(candidates.find(({ key }) => key === 'right')?.prompts).toEqual(
      new Map([
        ['P2', 'newer other'],
        ['P1', 'right P1']
      ])
    )
  })

  it('is of the chosen prompts alone where they have no relation in common', () => {
    const setup = { ...mixSetup, promptIds: ['left P1', 'right P2'] }
    const { candidates, choice } = start(mixLists, setup)
    expect(relationsOf(candidates)).toEqual([])
    expect(gridOf(choice, candidates, setup)?.sources).toEqual([
      { modelId: 'left', promptIds: ['left P1'] },
      { modelId: 'right', promptIds: ['right P2'] }
    ])
  })

  it.each([
    ['sources', { sources: [] }],
    ['relations', { relations: [] }],
    ['targets', { targetIds: [] }],
    ['anchor sets', { anchorSetIds: [] }],
    ['numbers that can be read', { ridges: 'little' }],
    ['a method', { exact: false }],
    ['a size of sets', { least: 3 }]
  ])('is none without %s', (_, change) => {
    const { candidates, choice } = start()
    expect(gridOf({ ...choice, ...change }, candidates, mixSetup)).toBeNull()
  })
})
