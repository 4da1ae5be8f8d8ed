/** What the pictures of many runs are made of. */
import { describe, expect, it } from 'vitest'
import {
  configurations,
  curveFields,
  curvesAlong,
  heatMap,
  linesPaths,
  pairByRelation
} from '#renderer/compare/compare-data.ts'
import { disagreements, pairedScores } from '#renderer/compare/paired-predictions.ts'
import { runEntry } from '#test/support/run-entries.ts'

describe('the heat-map', () => {
  it('holds mean, standard deviation and N of a pair of sources and target, single sources first', () => {
    const map = heatMap(
      [
        runEntry('both', { sources: ['bert', 'albert'], accuracy: 0.9 }),
        runEntry('one', { accuracy: 0.2 }),
        runEntry('two', { accuracy: 0.6 }),
        runEntry('unasked', { accuracy: null }),
        runEntry('other', { target: 'roberta', accuracy: 0.1 })
      ],
      'accuracy',
      'micro'
    )
    expect(map.sources).toEqual(['bert', 'albert + bert'])
    expect(map.targets).toEqual(['gpt2', 'roberta'])
    const [[single, other], [both, none]] = map.cells as [[unknown, unknown], [unknown, unknown]]
    // By hand: mean (0.2 + 0.6) / 2, standard deviation √(2 · 0.2² / (2 − 1)).
    expect(single).toMatchObject({ mean: expect.closeTo(0.4, 12), count: 2 })
    expect(single).toMatchObject({ standardDeviation: expect.closeTo(Math.sqrt(0.08), 12) })
    expect(other).toMatchObject({ mean: 0.1, standardDeviation: null })
    expect(both).toMatchObject({ mean: 0.9 })
    expect(none).toBeNull()
  })
})

describe('averages of accuracy', () => {
  const scored = (id: string, accuracy: number, examples: number) => {
    const run = runEntry(id, { accuracy })
    return { ...run, scores: run.scores === null ? null : { ...run.scores, examples } }
  }

  it('count each example once, or each run on request', () => {
    const runs = [scored('large', 0.9, 300), scored('small', 0.1, 100)]
    const [micro, macro] = (['micro', 'macro'] as const).map((kind) => heatMap(runs, 'accuracy', kind))
    expect(micro?.cells[0]?.[0]?.mean).toBeCloseTo(0.7, 12)
    expect(macro?.cells[0]?.[0]?.mean).toBeCloseTo(0.5, 12)
  })
})

describe('a set of sources', () => {
  it('is one row whatever the order that they were transferred in', () => {
    const map = heatMap(
      [
        runEntry('one', { sources: ['bert', 'albert'], accuracy: 0.2 }),
        runEntry('other', { sources: ['albert', 'bert'], accuracy: 0.4 })
      ],
      'accuracy',
      'micro'
    )
    expect(map.sources).toEqual(['albert + bert'])
    expect(map.cells[0]?.[0]).toMatchObject({ mean: expect.closeTo(0.3, 12), count: 2 })
  })
})

describe('configurations', () => {
  it('are told apart by what is not the same for all, over relations', () => {
    const groups = configurations([
      runEntry('a', { relation: 'P1' }),
      runEntry('b', { relation: 'P2' }),
      runEntry('c', { relation: 'P1', method: 'adam' })
    ])
    expect([...groups].map(([name, runs]) => [name, runs.length])).toEqual([
      ['bert → gpt2, Method exact', 2],
      ['bert → gpt2, Method adam', 1]
    ])
  })

  it('are paired by relation, the newest run of each', () => {
    const left = [
      runEntry('old', { relation: 'P2', createdAt: 1 }),
      runEntry('new', { relation: 'P2', createdAt: 2 }),
      runEntry('alone', { relation: 'P3' })
    ]
    const right = [runEntry('right', { relation: 'P2' }), runEntry('first', { relation: 'P1' })]
    expect(pairByRelation(left, right)).toMatchObject([
      { relation: 'P2', left: { id: 'new' }, right: { id: 'right' } }
    ])
  })
})

describe('curves', () => {
  it('are drawn along what differs in numbers, with the mean at each value', () => {
    const runs = [
      runEntry('a', { anchors: 64, accuracy: 0.2 }),
      runEntry('b', { anchors: 64, accuracy: 0.4 }),
      runEntry('c', { anchors: 512, accuracy: 0.8 })
    ]
    const [field, ...others] = curveFields(runs)
    expect(others).toEqual([])
    expect(field?.key).toBe('anchors')
    if (field === undefined) return
    expect(curvesAlong(runs, field, 'accuracy', 'micro', null)).toMatchObject([
      {
        name: 'bert → gpt2',
        points: [
          { at: 64, mean: expect.closeTo(0.3, 12), count: 2 },
          { at: 512, mean: 0.8, count: 1 }
        ]
      }
    ])
  })
})

describe('the band of a curve', () => {
  /** Minimal standard generator of Park and Miller: none of the project's. */
  function parkMiller(): () => number {
    let state = 42
    return () => {
      state = (state * 16807) % 2147483647
      return state / 2147483647
    }
  }

  /** Two relations of 60 and 40 examples, three seeds: an example that one seed gets right the others mostly do too. */
  function askedRuns() {
    const uniform = parkMiller()
    const lists = new Map<string, boolean[][]>()
    for (const [relation, count, share] of [
      ['P1', 60, 0.8],
      ['P2', 40, 0.4]
    ] as const)
      lists.set(
        relation,
        Array.from({ length: count }, () => {
          const isEasy = uniform() < share
          return Array.from({ length: 3 }, () => uniform() < (isEasy ? 0.95 : 0.05))
        })
      )
    const runs = [...lists].flatMap(([relation, own]) =>
      [0, 1, 2].map((seed) => {
        const right = own.filter((seeds) => seeds[seed] === true).length
        const run = runEntry(`${relation} ${seed}`, { relation, anchors: 64, accuracy: right / own.length })
        return {
          ...run,
          seed,
          scores: run.scores === null ? null : { ...run.scores, examples: own.length }
        }
      })
    )
    const answers = new Map(
      [...lists].flatMap(([relation, own]) =>
        [0, 1, 2].map((seed) => [
          `${relation} ${seed}`,
          {
            examples: own.map((_, example) => `${relation} ${example}`),
            ranks: Uint8Array.from(own, (seeds) => (seeds[seed] === true ? 1 : 2))
          }
        ])
      )
    )
    return { runs, answers, lists: [...lists.values()] }
  }

  const far = [runEntry('far', { anchors: 512, accuracy: 0.5 })]

  it('is of resampled examples, all seeds of one together, as a plain bootstrap says', () => {
    const { runs, answers, lists } = askedRuns()
    const [field] = curveFields([...runs, ...far])
    if (field === undefined) throw new Error('no curve')
    const [curve] = curvesAlong(runs, field, 'accuracy', 'micro', answers)
    const point = curve?.points[0]
    // Drawn example by example from the answers themselves, with another generator: 2.5 and 97.5 % of 20,000 means.
    const examples = lists.flat().map((seeds) => seeds.filter(Boolean).length / 3)
    const uniform = parkMiller()
    const means = Array.from({ length: 20_000 }, () => {
      let sum = 0
      for (let drawn = 0; drawn < examples.length; drawn++)
        sum += examples[Math.floor(uniform() * examples.length)] ?? 0
      return sum / examples.length
    }).sort((a, b) => a - b)
    expect(point?.count).toBe(100)
    expect(point?.mean).toBeCloseTo(examples.reduce((sum, one) => sum + one, 0) / 100, 12)
    expect(Math.abs((point?.interval?.low ?? 0) - (means[500] ?? 0))).toBeLessThan(0.01)
    expect(Math.abs((point?.interval?.high ?? 0) - (means[19_500] ?? 0))).toBeLessThan(0.01)
    // Twice the standard error, of 100 examples rather than of 300 answers or of six runs.
    const width = (point?.interval?.high ?? 0) - (point?.interval?.low ?? 0)
    expect(width).toBeGreaterThan(0.14)
    expect(width).toBeLessThan(0.2)
  })

  it('draws within relations where each counts once, and waits for the answers', () => {
    const { runs, answers, lists } = askedRuns()
    const [field] = curveFields([...runs, ...far])
    if (field === undefined) throw new Error('no curve')
    const [macro] = curvesAlong(runs, field, 'accuracy', 'macro', answers)
    const mean = lists.map((own) => own.flat().filter(Boolean).length / own.length / 3)
    expect(macro?.points[0]?.mean).toBeCloseTo(((mean[0] ?? 0) + (mean[1] ?? 0)) / 2, 12)
    const [waiting] = curvesAlong(runs, field, 'accuracy', 'micro', null)
    expect(waiting?.points[0]).toMatchObject({ interval: null })
  })

  it('of matching is of resampled relations, whatever the number of seeds', () => {
    const once = ['P1', 'P2', 'P3'].map((relation, place) =>
      runEntry(relation, { relation, anchors: 64, matching: 0.2 + 0.3 * place })
    )
    const again = once.flatMap((run) => [run, { ...run, id: `${run.id} again`, seed: 2 }])
    const [field] = curveFields([...once, ...far])
    if (field === undefined) throw new Error('no curve')
    const [one, two] = [once, again].map(
      (runs) => curvesAlong(runs, field, 'matching', 'micro', null)[0]?.points[0]
    )
    expect(two?.interval).toEqual(one?.interval)
    // All three draws of three the same once in nine: the ends are the lowest and the highest relation.
    expect(one?.interval).toEqual({ low: expect.closeTo(0.2, 12), high: expect.closeTo(0.8, 12) })
  })
})

describe('paired predictions', () => {
  it('are of the same examples, and disagree where one alone has the label first', () => {
    const prediction = (example: string, rank: number) => ({
      example,
      input: example,
      label: 'word',
      rank,
      loss: 1,
      top: []
    })
    const answers = [
      {
        relation: 'P1',
        left: [prediction('a', 1), prediction('b', 3), prediction('c', 1), prediction('d', 1)],
        right: [prediction('b', 1), prediction('a', 2), prediction('c', 1)]
      }
    ]
    expect(pairedScores(answers)).toEqual({
      first: [1, 0, 1],
      second: [0, 1, 1],
      relationOf: ['P1', 'P1', 'P1']
    })
    expect(disagreements(answers).map(({ example, rightSide }) => [example, rightSide])).toEqual([
      ['a', 'left'],
      ['b', 'right']
    ])
  })
})

describe('lines of parallel coordinates', () => {
  it('go from axis to axis, each once, in the last colour of those who go along it', () => {
    const [target, anchors, matching] = [
      [0, 0, 1],
      [0.5, 0.5, 0.5],
      [0.25, 0.2501, 1]
    ]
    expect(linesPaths([target ?? [], anchors ?? [], matching ?? []], [0, 0, 2], 3)).toEqual([
      'M0,0L1,0.5M1,0.5L2,0.25',
      '',
      'M0,1L1,0.5M1,0.5L2,1'
    ])
    expect(linesPaths([[0.5], [1]], [1], 2)).toEqual(['', 'M0,0.5L1,1'])
    expect(
      linesPaths(
        [
          [0.5, 0.5],
          [1, 1]
        ],
        [1, 0],
        2
      )
    ).toEqual(['', 'M0,0.5L1,1'])
    expect(linesPaths([[], []], [], 1)).toEqual([''])
  })
})
