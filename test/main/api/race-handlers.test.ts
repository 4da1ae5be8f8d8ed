/** The best set of sources, raced for on the dev split of the sample: against runs of the whole grid. */
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import type { Race, StoredRace } from '#preload/contract/race-methods.ts'
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
  const { call } = window
  const stateOf = async (jobId: string) => (await call('jobs.list', {})).find(({ id }) => id === jobId)?.state
  const ended = (jobId: string, state: string) =>
    expect.poll(() => stateOf(jobId), { timeout: 100_000 }).toBe(state)
  /** What a race finds. */
  const race = async (change: Partial<Race> = {}): Promise<StoredRace> => {
    const { jobId } = await call('races.order', order(change))
    await ended(jobId, 'finished')
    const [newest] = await call('races.list', {})
    if (newest === undefined) throw new Error('no race was kept')
    return newest
  }
  return { ...window, ids, grid, order, race, ended }
}

/** What a race found, whenever that was. */
function foundBy({ id: _, createdAt: __, ...found }: StoredRace): Omit<StoredRace, 'id' | 'createdAt'> {
  return found
}

describe('a race for the best set', () => {
  it('names the best of the whole grid, and keeps what it found as the grid would', {
    timeout: 120_000
  }, async () => {
    const { call, grid, race } = await openRace()
    const half = { budget: 0.5 }
    const raced = await race(half)
    expect(raced).toMatchObject({ examples: 8, answers: 12, all: 24, known: 0 })
    expect(raced.sets[raced.chosen]?.ending).toBe('chosen')
    expect(await call('races.list', {})).toHaveLength(1)
    expect(await call('jobs.list', {})).toMatchObject([
      { kind: 'race', title: 'Find the best of 3 sets on bert-large', cells: { finished: 1 } }
    ])
    expect(await call('races.open', {})).toEqual([])
    // A part of the split is no run, but it is not asked twice.
    expect(await call('runs.list', {})).toEqual([])
    expect(foundBy(await race(half))).toEqual({ ...foundBy(raced), known: 12 })
    // What is asked everything is a run of each task.
    const sure = await race()
    // It draws otherwise than within a budget, and has no use for the answers of a set that is out by then.
    expect(sure.known).toBeGreaterThan(6)
    expect(sure.known).toBeLessThanOrEqual(12)
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
    await expect.poll(isDone, { timeout: 100_000 }).toBe(9)
    const all = await call('runs.list', {})
    for (const { id, scores, matching } of bought) {
      const { scores: own, matching: ownMatching } = all.find((run) => run.id === id) ?? {}
      // What is solved and asked together with others differs in the last digits of float64, and of float32.
      expect(ownMatching).toBeCloseTo(matching ?? 0, 12)
      expect(own).toEqual({ ...scores, meanLoss: expect.closeTo(scores?.meanLoss ?? 0, 5) })
    }
    const namesOf = (set: readonly { model: string | { name: string } }[]): string =>
      String(set.map(({ model }) => (typeof model === 'string' ? model : model.name)).sort())
    const chosenNames = [raced, sure].map(({ sets, chosen }) => namesOf(sets[chosen]?.sources ?? []))
    expect(all).toHaveLength(12)
    for (const { sources: used, chosenOn } of all)
      expect(chosenOn).toEqual(chosenNames.includes(namesOf(used)) ? { split: 'dev', among: 3 } : null)

    // All of it is known now, and weights in two steps are the same three conditions.
    const again = await race({ among: { kind: 'weights', steps: 2 } })
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
    const { race } = await openRace()
    const raced = await race({ budget: 0.4 })
    expect(raced.answers).toBeLessThanOrEqual(0.4 * raced.all)
    expect(raced.shortfall).toBeGreaterThan(0)
  })

  it('keeps what was answered where it is cancelled, and asks on when it is resumed', async () => {
    const { engine, call, order, race, ended } = await openRace()
    // Cancelled as the second task is asked: three sets have then answered a block of the first.
    const answerAll = engine.call
    const asked = vi.spyOn(engine, 'call').mockImplementation(async (method, ...rest) => {
      const isSecond =
        method === 'evaluation.run' && asked.mock.calls.filter(([one]) => one === method).length === 2
      if (isSecond) for (const { id } of await call('jobs.list', {})) await call('jobs.cancel', { id })
      return await answerAll(method, ...rest)
    })
    const { jobId } = await call('races.order', order())
    await ended(jobId, 'cancelled')
    expect(await call('races.list', {})).toEqual([])
    expect(await call('runs.list', {})).toEqual([])
    expect(await call('races.open', {})).toMatchObject([
      { jobId, split: 'dev', sets: Array.from({ length: 3 }, () => ({})) }
    ])
    asked.mockRestore()

    await call('jobs.retry', { id: jobId })
    await ended(jobId, 'finished')
    const [resumed] = await call('races.list', {})
    expect(resumed?.known).toBe(6)
    // The same as in one go.
    const { known: _, ...found } = foundBy(await race())
    expect(resumed).toMatchObject(found)
  })

  it('is taken out with the marks of what it chose, and put back', async () => {
    const { call, race } = await openRace()
    const { id } = await race()
    const marked = async () =>
      (await call('runs.list', {})).filter(({ chosenOn }) => chosenOn !== null).length
    expect(await marked()).toBe(2)
    const { removalId } = await call('races.remove', { id })
    expect(await call('races.list', {})).toEqual([])
    expect(await marked()).toBe(0)
    await call('removals.undo', { removalId })
    expect(await call('races.list', {})).toHaveLength(1)
    expect(await marked()).toBe(2)
    await expect(call('races.remove', { id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('says what is missing where no task is there to compare the sets on', async () => {
    const { call, order } = await openRace()
    const { grid } = order()
    const evaluation = null
    await expect(call('races.order', order({ grid: { ...grid, evaluation } }))).rejects.toMatchObject({
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
