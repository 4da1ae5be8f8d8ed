/** Which runs are compared with each other. */
import { describe, expect, it } from 'vitest'
import { scopeOf, targetsOf } from '#renderer/runs/scope.ts'
import { runEntry } from '#test/support/run-entries.ts'

const idsOf = (runs: readonly { id: string }[]): string[] => runs.map(({ id }) => id)

const runs = [
  runEntry('512 a', { anchors: 512 }),
  runEntry('512 b', { anchors: 512, sources: ['roberta'] }),
  runEntry('64', { anchors: 64 }),
  runEntry('adam', { method: 'adam' }),
  runEntry('manual', { sources: [], method: 'manual' })
]

describe('a scope', () => {
  it('has one value of every setting: the most frequent, or the one that was chosen', () => {
    expect(idsOf(scopeOf(runs, {}).runs)).toEqual(['512 a', '512 b'])
    expect(idsOf(scopeOf(runs, { anchors: 64 }).runs)).toEqual(['64'])
    expect(idsOf(scopeOf(runs, { method: 'adam' }).runs)).toEqual(['adam'])
  })

  it('offers what the earlier choices leave, and forgets what they don’t', () => {
    const { settings } = scopeOf(runs, { method: 'adam', anchors: 64 })
    const anchors = settings.find(({ field }) => field.key === 'anchors')
    expect(anchors).toMatchObject({ values: [512], value: 512 })
  })

  it('leaves the axis of a figure open', () => {
    expect(idsOf(scopeOf(runs, {}, 'anchors').runs)).toEqual(['512 a', '512 b', '64'])
  })

  it('keeps what was asked alike without sources beside it', () => {
    const dev = { ...runEntry('dev', { sources: [], method: 'manual' }), split: 'dev' as const }
    expect(idsOf(scopeOf([...runs, dev], {}).references)).toEqual(['manual'])
  })

  it('keeps refinements apart from what is zero-shot, and from refinements with other settings', () => {
    const refined = (id: string, settings: string) =>
      runEntry(id, { method: 'refine', targetData: 'inputs', refinement: { settings, cost: settings } })
    const all = [
      ...runs,
      refined('16 a', '16 inputs'),
      refined('16 b', '16 inputs'),
      refined('4', '4 inputs')
    ]
    expect(idsOf(scopeOf(all, { method: 'exact' }).runs)).toEqual(['512 a', '512 b'])
    expect(idsOf(scopeOf(all, { method: 'refine' }).runs)).toEqual(['16 a', '16 b'])
    expect(idsOf(scopeOf(all, { method: 'refine', refinement: '4 inputs' }).runs)).toEqual(['4'])
  })

  it('leaves out unequal weights', () => {
    const uneven = runEntry('uneven', { sources: ['bert', 'roberta'] })
    const weighted = {
      ...uneven,
      sources: uneven.sources.map((source, index) => ({ ...source, weight: index + 1 }))
    }
    const scope = scopeOf([...runs, weighted], {})
    expect(idsOf(scope.runs)).toEqual(['512 a', '512 b'])
    expect(idsOf(scope.all)).toEqual(['512 a', '512 b', 'uneven'])
  })

  it('knows the targets, those of the most transfers first', () => {
    expect(targetsOf([runEntry('a', { target: 'albert' }), ...runs])).toEqual(['gpt2', 'albert'])
  })
})
