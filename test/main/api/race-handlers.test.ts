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
    evaluation: { split: 'dev', rankWithin: 'candidates', limit: 4, taskId: null }
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
  it('names the best of the whole grid, and keeps what it found as the grid would', {
    timeout: 120_000
  }, async () => {
    const { call, grid, order } = await openRace()
    const progress: number[] = []
    const half = { budget: 0.5 }
    const raced = await call('sets.race', order(half), { onProgress: ({ done }) => progress.push(done) })
    expect(raced).toMatchObject({ examples: 8, answers: 12, all: 24, known: 0 })
    expect(progress.length).toBeGreaterThan(2)
    expect(raced.sets[raced.chosen]?.ending).toBe('chosen')
    expect(await call('races.list', {})).toMatchObject([raced])
    // A part of the split is no run, but it is not asked twice.
    expect(await call('runs.list', {})).toEqual([])
    expect(await call('sets.race', order(half))).toEqual({ ...raced, known: 12 })
    // What is asked everything is a run of each task.
    const sure = await call('sets.race', order())
    expect(sure.known).toBe(12)
    const whole = sure.sets.filter(({ asked }) => asked === 8)
    expect(whole.length).toBeGreaterThan(1)
    const bought = await call('runs.list', {})
    expect(bought.map(({ sources: used }) => used.length).sort()).toEqual(
      whole.flatMap(({ sources: used }) => [used.length, used.length]).sort()
    )

    // The grid has the same runs, and on another split it is the same set that was chosen.
    const { evaluation } = grid
    if (evaluation === null) throw new Error('nothing is evaluated')
    await call('transfers.order', grid)
    await call('transfers.order', { ...grid, evaluation: { ...evaluation, split: 'test', limit: 1 } })
    const isDone = async () =>
      (await call('jobs.list', {})).filter(({ state }) => state === 'finished').length
    await expect.poll(isDone, { timeout: 100_000 }).toBe(6)
    const all = await call('runs.list', {})
    for (const { id, scores, matching } of bought) {
      const { scores: own, matching: ownMatching } = all.find((run) => run.id === id) ?? {}
      expect(ownMatching).toBe(matching)
      // Batches of other examples are padded otherwise, which shows in the last digits of float32.
      expect(own).toEqual({ ...scores, meanLoss: expect.closeTo(scores?.meanLoss ?? 0, 5) })
    }
    const namesOf = (set: readonly { model: string | { name: string } }[]): string =>
      String(set.map(({ model }) => (typeof model === 'string' ? model : model.name)).sort())
    const chosenNames = [raced, sure].map(({ sets, chosen }) => namesOf(sets[chosen]?.sources ?? []))
    expect(all).toHaveLength(12)
    for (const { sources: used, chosenOn } of all)
      expect(chosenOn).toEqual(chosenNames.includes(namesOf(used)) ? { split: 'dev', among: 3 } : null)

    // All of it is known now, and weights in two steps are the same three conditions.
    const again = await call('sets.race', order({ among: { kind: 'weights', steps: 2 } }))
    expect(again.known).toBe(again.answers)
    expect(again.sets.map((set) => namesOf(set.sources)).sort()).toEqual(
      sure.sets.map((set) => namesOf(set.sources)).sort()
    )
    const accuracyOf = (set: string): number => {
      const own = all.filter(({ sources: used, split }) => split === 'dev' && namesOf(used) === set)
      const examples = own.reduce((sum, { scores }) => sum + (scores?.examples ?? 0), 0)
      return (
        own.reduce((sum, { scores }) => sum + (scores?.accuracy ?? 0) * (scores?.examples ?? 0), 0) / examples
      )
    }
    const means = sure.sets.map((set) => accuracyOf(namesOf(set.sources)))
    expect(means[sure.chosen]).toBe(Math.max(...means))
    for (const [place, { asked, accuracy }] of sure.sets.entries())
      if (asked === 8) expect(accuracy).toBeCloseTo(means[place] ?? -1, 12)
  })

  it('spends no more than it may', async () => {
    const { call, order } = await openRace()
    const raced = await call('sets.race', order({ budget: 0.4 }))
    expect(raced.answers).toBeLessThanOrEqual(0.4 * raced.all)
    expect(raced.shortfall).toBeGreaterThan(0)
  })

  it('keeps nothing of a race that was cancelled', async () => {
    const { call, order } = await openRace()
    const nobody = new AbortController()
    const given = call('sets.race', order(), { signal: nobody.signal, onProgress: () => nobody.abort() })
    await expect(given).rejects.toMatchObject({ code: 'cancelled' })
    expect(await call('races.list', {})).toEqual([])
    expect(await call('runs.list', {})).toEqual([])
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
    const { examples, labels, skipped } = await engine.call('evaluation.examples', request)
    expect(skipped).toEqual(all.conditions[0]?.skipped)
    expect(examples).toEqual(all.conditions[0]?.predictions.map(({ example }) => example))
    expect(labels).toEqual(all.conditions[0]?.predictions.map(({ label }) => label))
    const only = [examples[3] ?? '', examples[1] ?? '']
    const some = await engine.call('evaluation.run', { ...request, only })
    const wanted = all.conditions[0]?.predictions.filter(({ example }) => only.includes(example))
    expect(some.conditions[0]?.predictions.map(({ example, rank }) => ({ example, rank }))).toEqual(
      wanted?.map(({ example, rank }) => ({ example, rank }))
    )
  })
})
