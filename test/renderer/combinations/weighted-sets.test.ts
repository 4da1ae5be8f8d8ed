/** Mixtures of a set over all relations, from runs with whatever weights. */
import { describe, expect, it } from 'vitest'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { type Answers, answersOf } from '#renderer/combinations/source-sets.ts'
import { runsOfMixtures, wantedMixtures, weightedSet } from '#renderer/combinations/weights/weighted-sets.ts'
import { runEntry } from '#test/support/run-entries.ts'

type Weighted = Readonly<Record<string, number>>

function run(id: string, weights: Weighted, relation: string): RunEntry {
  const entry = runEntry(id, { sources: Object.keys(weights), relation })
  return {
    ...entry,
    sources: entry.sources.map((source) => ({ ...source, weight: weights[source.model] ?? 0 }))
  }
}

const members = ['a', 'b']
const relations = ['P1', 'P2']
const mixtures: Readonly<Record<string, Weighted>> = {
  'a alone': { a: 1 },
  equal: { b: 1, a: 1 },
  'mostly b': { a: 1, b: 9 },
  other: { a: 1, c: 1 }
}
const runs = Object.entries(mixtures).flatMap(([name, weights]) =>
  relations.map((relation) => run(`${name} ${relation}`, weights, relation))
)

/** Of ten examples of P1 and thirty of P2 as many right as said, the first ones. */
function answers(right: Readonly<Record<string, readonly [number, number]>>): Answers {
  const lists = [10, 30].map((count, list) => Array.from({ length: count }, (_, at) => `${list} ${at}`))
  return answersOf([
    {
      lists,
      runs: Object.entries(right).flatMap(([name, counts]) =>
        counts.map((count, list) => ({
          id: `${name} ${relations[list]}`,
          list,
          ranks: Uint8Array.from(lists[list] ?? [], (_, at) => (at < count ? 1 : 2))
        }))
      )
    }
  ])
}

const asked = answers({ 'a alone': [2, 24], equal: [5, 18], 'mostly b': [9, 12], other: [10, 30] })
const own = runsOfMixtures(runs, members, relations)
const look = (isMacro: boolean) => weightedSet(own, members, relations, asked, 'P@1', isMacro)

describe('the mixtures of a set', () => {
  it('are those of its members alone, by their shares, with what is missing of the grid', () => {
    const { mixtures: found, missing, examples } = look(false)
    expect(own.map(({ id }) => id)).not.toContain('other P1')
    expect(found.map(({ shares }) => shares)).toEqual([
      [1, 0],
      [0.5, 0.5],
      [0.1, 0.9]
    ])
    expect(examples).toBe(40)
    expect(found.map(({ accuracy }) => accuracy)).toEqual([26 / 40, 23 / 40, 21 / 40])
    // Eleven steps, of which 1, 0.5 and 0.1 of a are there.
    expect(missing).toHaveLength(8)
    expect(missing).not.toContainEqual([1, 1])
    expect(missing).toContainEqual([3, 7])
  })

  it('are averaged over relations on request', () => {
    const macro = look(true).mixtures.map(({ accuracy }) => accuracy)
    expect(macro).toEqual([
      expect.closeTo((2 / 10 + 24 / 30) / 2, 12),
      expect.closeTo((5 / 10 + 18 / 30) / 2, 12),
      expect.closeTo((9 / 10 + 12 / 30) / 2, 12)
    ])
  })

  it('have the interval of their difference to equal weights around their accuracy', () => {
    const [alone, equal] = look(false).mixtures
    expect(equal?.interval).toBeNull()
    expect(alone?.interval?.low).toBeLessThan(26 / 40)
    expect(alone?.interval?.high).toBeGreaterThan(26 / 40)
  })

  it('differ by relation, and choosing for each is worth what it is on examples that had no say', () => {
    const { choice } = look(false)
    expect(choice?.relations).toEqual([
      { relation: 'P1', count: 10, best: [0.1, 0.9], accuracy: 0.9, equal: 0.5 },
      { relation: 'P2', count: 30, best: [1, 0], accuracy: 0.8, equal: 0.6 }
    ])
    // Every nine tenths of these answers choose alike: 33 of 40 right against 23.
    expect(choice?.perRelation().difference).toBeCloseTo(10 / 40, 12)
    expect(choice?.once().difference).toBeCloseTo(3 / 40, 12)
  })

  it('are nothing where not all relations were run', () => {
    const part = own.filter(({ id }) => id !== 'equal P2')
    expect(runsOfMixtures(part, members, relations)).toHaveLength(4)
    expect(weightedSet(part, members, relations, asked, 'P@1', false)).toMatchObject({ choice: null })
    const none = weightedSet([], members, relations, asked, 'P@1', false)
    expect(none).toMatchObject({ mixtures: [], choice: null })
    expect(none.missing).toHaveLength(11)
  })
})

describe('the mixtures to look at', () => {
  it('are a line, a triangle, and profiles, equal weights always among them', () => {
    expect(wantedMixtures(2)).toHaveLength(11)
    expect(wantedMixtures(2)).toContainEqual([2, 3])
    // (6 + 1)(6 + 2) / 2 divisions of six steps.
    expect(wantedMixtures(3)).toHaveLength(28)
    // Equal weights, and nine steps for each of five; 1/5 is none of the eighths.
    expect(wantedMixtures(5)).toHaveLength(1 + 5 * 9)
    expect(wantedMixtures(5)[0]).toEqual([1, 1, 1, 1, 1])
    // A quarter for the second, the rest alike: 4/16 and 3/16 each.
    expect(wantedMixtures(5)).toContainEqual([3, 4, 3, 3, 3])
  })
})
