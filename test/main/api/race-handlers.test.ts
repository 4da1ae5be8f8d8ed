/** The best set of sources, raced for on the dev split of the sample: against runs of the whole grid. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import type { Race } from '#preload/contract/race-methods.ts'
import { idsOfSample, sampleFolder, sampleTasks, windowOnSample } from '#test/support/window-on-sample.ts'

const sources = ['bert-small', 'roberta-small'] as const

async function openRace() {
  const window = await windowOnSample()
  const ids = await idsOfSample(window.call)
  await window.call('tasks.addRelations', sampleTasks)
  const grid: TransferGrid & Race['grid'] = {
    sources: sources.map((model) => ({
      modelId: ids.model(model),
      promptIds: ['capital', 'currency'].map((relation) => ids.prompt(model, relation))
    })),
    together: { least: 1, most: 2 },
    includeSelfTransfer: true,
    targetIds: [ids.model('bert-large')],
    anchorSetIds: [ids.anchorSetId],
    masks: [{ kind: 'all' }],
    centres: ['none'],
    searches: [{ kind: 'exact', ridges: [0.01] }],
    rescale: 'after',
    evaluation: { split: 'dev', rankWithin: 'candidates', limit: null, taskId: null }
  }
  const order = (change: Partial<Race> = {}): Race => ({
    grid,
    among: { kind: 'sets' },
    split: 'dev',
    confidence: 0.95,
    tolerance: 0,
    budget: null,
    seed: 1,
    ...change
  })
  return { ...window, ids, grid, order }
}

describe('a race for the best set', () => {
  it('asked everything, has the accuracies of the whole grid, and names its best', async () => {
    const { call, grid, order, ids } = await openRace()
    await call('transfers.order', grid)
    await expect
      .poll(async () => (await call('runs.list', {})).filter(({ scores }) => scores !== null).length, {
        timeout: 50_000
      })
      .toBe(6)
    const runs = await call('runs.list', {})
    const accuracyOf = (members: readonly string[]): number => {
      const own = runs.filter(
        ({ sources: used }) =>
          used.length === members.length && used.every(({ model }) => members.includes(model))
      )
      const right = own.reduce(
        (sum, { scores }) => sum + (scores?.accuracy ?? 0) * (scores?.examples ?? 0),
        0
      )
      return right / own.reduce((sum, { scores }) => sum + (scores?.examples ?? 0), 0)
    }
    const nameOf = (id: string): string => sources.find((model) => ids.model(model) === id) ?? ''
    const progress: number[] = []
    const raced = await call('sets.race', order(), { onProgress: ({ done }) => progress.push(done) })
    const means = raced.sets.map((set) => accuracyOf(set.sources.map(({ modelId }) => nameOf(modelId))))
    expect(raced).toMatchObject({ examples: 40, all: 120 })
    expect(means[raced.chosen]).toBe(Math.max(...means))
    for (const [place, { asked, accuracy }] of raced.sets.entries())
      if (asked === 40) expect(accuracy).toBeCloseTo(means[place] ?? -1, 12)
    expect(raced.sets[raced.chosen]?.ending).toBe('chosen')
    expect(progress.length).toBeGreaterThan(2)

    // Weights in two steps are the same three conditions.
    const weighted = await call('sets.race', order({ among: { kind: 'weights', steps: 2 } }))
    const keyOf = ({ sources: used }: (typeof raced.sets)[number]): string =>
      used.map(({ modelId, weight }) => `${nameOf(modelId)} ${weight}`).join(' + ')
    expect(weighted.sets.map(keyOf).sort()).toEqual(raced.sets.map(keyOf).sort())
  })

  it('spends no more than it may, and is given up when nobody waits', async () => {
    const { call, order } = await openRace()
    const raced = await call('sets.race', order({ budget: 0.4 }))
    expect(raced.answers).toBeLessThanOrEqual(0.4 * raced.all)
    expect(raced.shortfall).toBeGreaterThan(0)
    const nobody = new AbortController()
    const given = call('sets.race', order(), { signal: nobody.signal, onProgress: () => nobody.abort() })
    await expect(given).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('says what is missing where no task is there to compare the sets on', async () => {
    const { call, order } = await openRace()
    const { grid } = order()
    const evaluation = null
    await expect(call('sets.race', order({ grid: { ...grid, evaluation } }))).rejects.toMatchObject({
      code: 'bad-argument'
    })
  })
})

describe('the examples of an evaluation', () => {
  it('can be named one by one, and are those that are not skipped', async () => {
    const { engine, call, ids } = await openRace()
    const [first] = await call('tasks.list', {})
    const task = first?.source
    const { vectors } = await call('prompts.get', { id: ids.prompt('bert-small', 'capital') })
    if (task === undefined) throw new Error('no task')
    const request = {
      model: { folder: join(sampleFolder, 'models/bert-small') },
      task,
      split: 'dev' as const,
      conditions: [{ kind: 'prompt' as const, name: 'own', vectors }]
    }
    const all = await engine.call('evaluation.run', request)
    const examples = await engine.call('evaluation.examples', request)
    expect(examples).toEqual(all.conditions[0]?.predictions.map(({ example }) => example))
    const only = [examples[3] ?? '', examples[1] ?? '']
    const some = await engine.call('evaluation.run', { ...request, only })
    const wanted = all.conditions[0]?.predictions.filter(({ example }) => only.includes(example))
    expect(some.conditions[0]?.predictions.map(({ example, rank }) => ({ example, rank }))).toEqual(
      wanted?.map(({ example, rank }) => ({ example, rank }))
    )
  })
})
