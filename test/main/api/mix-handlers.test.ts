/** What the mixing screen is answered, on the sample: figures against direct calls of the engine. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mix } from '#engine/common/mixing/mixing.ts'
import type { MixOrder, TransferGrid } from '#preload/contract/mix-methods.ts'
import {
  idsOfSample,
  sampleFolder,
  sampleTasks,
  type WindowOnSample,
  windowOnSample
} from '#test/support/window-on-sample.ts'

const sources = ['bert-small', 'roberta-small'] as const
const target = 'bert-large'
const relation = 'capital'

const relationTask = {
  kind: 'relation',
  folder: join(sampleTasks.folder, relation),
  commonVocabulary: sampleTasks.commonVocabulary
} as const
const reference = (model: string) => ({ folder: join(sampleFolder, 'models', model) })

type Place = WindowOnSample & { ids: Awaited<ReturnType<typeof idsOfSample>>; order: MixOrder }

async function openPlace(): Promise<Place> {
  const window = await windowOnSample()
  const ids = await idsOfSample(window.call)
  const order: MixOrder = {
    sources: sources.map((model, index) => ({
      promptId: ids.prompt(model, relation),
      modelId: ids.model(model),
      weight: index === 0 ? 1 : 0.4
    })),
    targetId: ids.model(target),
    anchorSetId: ids.anchorSetId,
    mask: { kind: 'all' },
    centre: 'none' as const,
    ridge: 0.01,
    rescale: 'after'
  }
  return { ...window, ids, order }
}

/** Sources and anchors of the order as the engine takes them. */
async function sidesDirectly({ call, order }: Place) {
  const given = []
  for (const [index, { promptId, weight }] of order.sources.entries()) {
    const { vectors } = await call('prompts.get', { id: promptId })
    given.push({ model: reference(sources[index]), prompt: vectors, weight })
  }
  const { anchors } = await call('anchors.get', { id: order.anchorSetId })
  return { sources: given, anchors }
}

/** The same transfer, asked of the engine without the window. */
async function transferDirectly(place: Place, ridge: number) {
  const { engine, order } = place
  const { mask, rescale } = order
  return await engine.call('transfer.run', {
    ...(await sidesDirectly(place)),
    target: reference(target),
    mask,
    rescale,
    search: { kind: 'exact', ridge }
  })
}

/** The task of the sources' relation, added to the project. */
async function addTask({ call }: WindowOnSample): Promise<string> {
  await call('tasks.addRelations', sampleTasks)
  const tasks = await call('tasks.list', {})
  return tasks.find(({ summary }) => summary.name === relation)?.id ?? ''
}

/** Every set of the two sources, to two targets one of which has no task of its own. */
function gridOf({ ids, order }: Place, change: Partial<TransferGrid> = {}): TransferGrid {
  return {
    sources: sources.map((model) => ({
      modelId: ids.model(model),
      promptIds: ['capital', 'currency'].map((name) => ids.prompt(model, name))
    })),
    together: { least: 1, most: 2 },
    includeSelfTransfer: false,
    targetIds: [ids.model(target), ids.model('roberta-large')],
    anchorSetIds: [order.anchorSetId],
    masks: [{ kind: 'all' }, { kind: 'top-k', k: 64 }],
    centres: ['none'],
    searches: [{ kind: 'exact', ridges: [0, 0.01] }],
    rescale: 'after',
    evaluation: null,
    ...change
  }
}

async function whenQuiet({ call }: WindowOnSample): Promise<void> {
  await expect
    .poll(async () => (await call('jobs.list', {})).filter(({ state }) => state !== 'finished'), {
      timeout: 50_000
    })
    .toEqual([])
}

describe('without labels', () => {
  it('a mixture is refined in the queue, its curve is told, and its run says what it cost', async () => {
    const place = await openPlace()
    const { call, order } = place
    const { jobId } = await call('mix.refine', {
      ...order,
      taskId: await addTask(place),
      settings: { inputs: 8, epochs: 3, start: 'transferred' },
      seed: 1
    })
    await whenQuiet(place)
    const [run, ...others] = await call('runs.list', {})
    expect(others).toEqual([])
    expect(run).toMatchObject({
      jobId,
      method: 'refine',
      ridge: order.ridge,
      selection: 'agreement',
      targetData: 'inputs',
      refinement: {
        settings: '8 inputs, from the transferred prompt, epochs 3',
        cost: 'no labels; 8 unlabelled inputs; 3 steps on the target'
      }
    })
    expect(run.scores?.examples).toBe(40)
    const { curve, loss } = await call('runs.get', { id: run.id })
    expect([curve.length, loss?.length]).toEqual([4, 3])
    // Run again, it takes the place of the one before, with the same answers.
    await call('runs.repeat', { ids: [run.id] })
    await whenQuiet(place)
    expect(await call('runs.list', {})).toMatchObject([{ id: run.id, scores: run.scores }])
  })

  it('the sets of its sources are ranked by agreement, as the engine counts it', async () => {
    const place = await openPlace()
    const { call, engine, order } = place
    const taskId = await addTask(place)
    const suggested = await call('mix.suggestSources', { ...order, taskId, inputs: 8, seed: 1 })
    expect(suggested.inputs).toBe(8)
    expect(suggested.sets.map(({ sources: set }) => set.join()).toSorted()).toEqual(['0', '0,1', '1'])
    const task = (await call('tasks.list', {})).find(({ id }) => id === taskId)
    if (task === undefined) throw new Error('there is no task')
    const { sources: sides } = await sidesDirectly(place)
    const { prompt } = await transferDirectly(place, order.ridge)
    const { agreement } = await engine.call('tuning.agreement', {
      teachers: sides.map(({ model, weight, prompt: vectors }) => ({
        model,
        weight,
        condition: { kind: 'prompt', name: 'own', vectors }
      })),
      model: reference(target),
      task: task.source,
      inputs: 8,
      seed: 1,
      conditions: [{ kind: 'prompt', name: 'both', vectors: prompt }]
    })
    expect(suggested.sets.find(({ sources: set }) => set.length === 2)?.agreement).toBe(agreement[0])
  })
})

describe('a mixture', () => {
  it('has from its basis the figures of the transfer with these weights', async () => {
    const place = await openPlace()
    const basis = await place.call('mix.basis', place.order)
    const mixed = mix(
      basis,
      place.order.sources.map(({ weight }) => weight)
    )
    const { prompt, report } = await transferDirectly(place, 0.01)
    for (const [index, { matching, upperBound }] of mixed.vectors.entries()) {
      // Two solves of the same system in float64, of codes in float32.
      expect(matching).toBeCloseTo(report.vectors[index].matching, 6)
      expect(upperBound).toBeCloseTo(report.vectors[index].upperBound, 6)
    }
    const largest = Math.max(...prompt.data.map((value, i) => Math.abs(value - mixed.prompt.data[i])))
    expect(largest).toBeLessThan(1e-5)
  })

  it('has at every λ of its path the figures of the transfer with that λ', async () => {
    const place = await openPlace()
    const { ridge: _, ...sides } = place.order
    const ridges = [1e-4, 0.01, 1]
    const path = await place.call('mix.ridgePath', { ...sides, ridges })
    expect(path.map(({ asked }) => asked)).toEqual(ridges)
    for (const { ridge, vectors } of path) {
      const { report } = await transferDirectly(place, ridge)
      for (const [index, { matching }] of vectors.entries())
        expect(matching).toBeCloseTo(report.vectors[index].matching, 9)
    }
  })

  it('is asked of the target as an evaluation of its vectors would be', async () => {
    const place = await openPlace()
    const { ids } = await place.call('tasks.addRelations', sampleTasks)
    const tasks = await place.call('tasks.list', {})
    expect(tasks).toHaveLength(ids.length)
    const task = tasks.find(({ summary }) => summary.name === relation)
    const { prompt } = await transferDirectly(place, 0.01)
    const { prompt: other } = await transferDirectly(place, 1)
    const scores = await place.call('mix.sample', {
      targetId: place.order.targetId,
      promptIds: place.order.sources.map(({ promptId }) => promptId),
      prompts: [prompt, other],
      taskId: task?.id ?? '',
      split: 'dev',
      limit: 16
    })
    const direct = await place.engine.call('evaluation.run', {
      model: reference(target),
      task: relationTask,
      split: 'dev',
      limit: 16,
      conditions: [
        { kind: 'prompt', name: 'first', vectors: prompt },
        { kind: 'prompt', name: 'second', vectors: other }
      ]
    })
    expect(scores).toEqual(direct.conditions.map((condition) => condition.scores))
    expect(scores[0]?.examples).toBe(16)
  })

  it('is held against the manual template and the own prompt of its target, on the same examples', async () => {
    const place = await openPlace()
    const taskId = await addTask(place)
    const ask = (model: string) =>
      place.call('mix.references', { targetId: place.ids.model(model), taskId, split: 'dev', limit: 16 })
    const { vectors, template } = await place.call('prompts.get', {
      id: place.ids.prompt(sources[0], relation)
    })
    const direct = await place.engine.call('evaluation.run', {
      model: reference(sources[0]),
      task: relationTask,
      split: 'dev',
      limit: 16,
      conditions: [{ kind: 'manual' }, { kind: 'prompt', name: 'own', vectors, template }]
    })
    const [manual, own] = direct.conditions.map(({ scores }) => scores)
    expect(await ask(sources[0])).toEqual({ manual, own })
    // Nothing was tuned on this one.
    expect((await ask(target)).own).toBeNull()
  })

  it('is not asked any more once nobody waits for the answer', async () => {
    const place = await openPlace()
    await place.call('tasks.addRelations', sampleTasks)
    const [task] = await place.call('tasks.list', {})
    const { prompt } = await transferDirectly(place, 0.01)
    const controller = new AbortController()
    const asked = place.call(
      'mix.sample',
      {
        targetId: place.order.targetId,
        promptIds: place.order.sources.map(({ promptId }) => promptId),
        prompts: Array.from({ length: 40 }, () => prompt),
        taskId: task.id,
        split: 'train',
        limit: 1000
      },
      { signal: controller.signal }
    )
    setTimeout(() => controller.abort(), 50)
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a grid', () => {
  it('is counted before it is queued, with the time that earlier runs took', async () => {
    const place = await openPlace()
    const started = performance.now()
    const { jobIds } = await place.call('transfers.order', gridOf(place, { masks: [{ kind: 'all' }] }))
    await whenQuiet(place)
    const elapsed = (performance.now() - started) / 1000
    const earlier = await place.call('runs.list', {})
    expect([jobIds.length, earlier.length]).toEqual([12, 24])
    const plan = await place.call('transfers.plan', gridOf(place))
    // Three sets of sources, two targets, two masks, two λ; two relations each.
    expect(plan).toMatchObject({ jobs: 24, runs: 48, evaluated: 0, estimatedFrom: 'earlier-runs', notes: [] })
    // Twice what was computed: longer than its searches alone, no longer than all that passed.
    expect(plan.seconds).toBeGreaterThan(2 * earlier.reduce((sum, { seconds }) => sum + seconds, 0))
    expect(plan.seconds).toBeLessThan(2 * elapsed)
    expect(plan.bytes).toBeGreaterThan(1.5e9)
    expect(await place.call('runs.list', {})).toEqual(earlier)
  })

  it('of a kind that the project never ran is estimated by a trial, which leaves nothing behind', async () => {
    const place = await openPlace()
    const adam = { kind: 'adam' as const, steps: 200, seeds: [1, 2, 3] }
    const plan = await place.call('transfers.plan', gridOf(place, { searches: [adam] }))
    // Three sets, two targets, two masks; two relations, three seeds.
    expect(plan).toMatchObject({ jobs: 12, runs: 72, estimatedFrom: 'trial' })
    expect(plan.seconds).toBeGreaterThan(0)
    const called = place.engine.called.length
    const half = gridOf(place, { searches: [adam], masks: [{ kind: 'all' }] })
    expect((await place.call('transfers.plan', half)).seconds).toBeCloseTo(Number(plan.seconds) / 2, 9)
    expect(place.engine.called).toHaveLength(called)
    expect(await place.call('runs.list', {})).toEqual([])
    expect(await place.call('jobs.list', {})).toEqual([])
  })

  it('is of mixtures where there are some, each with its weights', async () => {
    const place = await openPlace()
    const one = {
      masks: [{ kind: 'all' as const }],
      searches: [{ kind: 'exact' as const, ridges: [0.01] }],
      targetIds: [place.ids.model(target)]
    }
    const mixtures = [
      [1, 0],
      [1, 3]
    ]
    // Two relations each.
    const plan = await place.call('transfers.plan', gridOf(place, { ...one, mixtures }))
    expect(plan).toMatchObject({ jobs: 2, runs: 4 })
    await place.call('transfers.order', gridOf(place, { ...one, mixtures }))
    const titles = (await place.call('jobs.list', {})).map(({ title }) => title)
    expect(titles.toSorted()).toEqual([
      'bert-small + roberta-small → bert-large · 1 : 3',
      'bert-small → bert-large'
    ])
    await expect(
      place.call('transfers.plan', gridOf(place, { ...one, mixtures: [[0, 0]] }))
    ).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('leaves out, and says so, what can not be carried or asked', async () => {
    const place = await openPlace()
    const { ids } = place
    const plan = await place.call(
      'transfers.plan',
      gridOf(place, {
        targetIds: [ids.model('roberta-small')],
        masks: [{ kind: 'all' }, { kind: 'top-k', k: 513 }],
        searches: [{ kind: 'exact', ridges: [0.01] }],
        evaluation: { split: 'test', rankWithin: 'candidates', limit: null, taskId: null }
      })
    )
    // Of three sets two hold the target; of two masks one asks for more anchors than there are.
    expect(plan).toMatchObject({ jobs: 1, runs: 2, evaluated: 0 })
    expect(plan.notes).toEqual([
      expect.stringContaining('2 sets are left out that hold their target, roberta-small'),
      'not evaluated, no task of that name: capital',
      'not evaluated, no task of that name: currency',
      expect.stringContaining('k = 513 is left out with sample, which has 512 anchors')
    ])
    const includeSelfTransfer = gridOf(place, {
      targetIds: [ids.model('roberta-small')],
      includeSelfTransfer: true
    })
    expect((await place.call('transfers.plan', includeSelfTransfer)).jobs).toBe(12)
  })

  it('makes runs with the figures of single transfers, asked the task of their relation', async () => {
    const place = await openPlace()
    await place.call('tasks.addRelations', sampleTasks)
    const grid = gridOf(place, {
      targetIds: [place.ids.model(target)],
      masks: [{ kind: 'all' }],
      evaluation: { split: 'test', rankWithin: 'candidates', limit: 10, taskId: null }
    })
    const plan = await place.call('transfers.plan', grid)
    expect(plan).toMatchObject({ jobs: 6, runs: 12, evaluated: 12, estimatedFrom: 'trial' })
    const { jobIds, runs } = await place.call('transfers.order', grid)
    expect([jobIds.length, runs]).toEqual([6, 12])
    await whenQuiet(place)
    const made = await place.call('runs.list', {})
    expect(made).toHaveLength(12)
    const wanted = made.find(
      (run) => run.sources.length === 2 && run.ridge === 0.01 && run.relation === relation
    )
    const equal = {
      ...place,
      order: { ...place.order, sources: place.order.sources.map((one) => ({ ...one, weight: 1 })) }
    }
    const { prompt, report } = await transferDirectly(equal, 0.01)
    expect(wanted?.name).toBe('capital (bert-small + roberta-small → bert-large · λ 0.01)')
    expect(wanted?.matching).toBe(report.meanMatching / 2)
    const direct = await place.engine.call('evaluation.run', {
      model: reference(target),
      task: relationTask,
      limit: 10,
      conditions: [{ kind: 'prompt', name: 'direct', vectors: prompt }]
    })
    expect(wanted?.scores).toEqual(direct.conditions[0]?.scores)
  })

  it('of baselines makes their runs, not centred, and leaves out what can not be', async () => {
    const place = await openPlace()
    const grid = gridOf(place, {
      targetIds: [place.ids.model(target)],
      centres: ['mean'],
      searches: [],
      baselines: [
        { kind: 'direct-copy' },
        { kind: 'procrustes', rescale: 'after' },
        { kind: 'discretization' }
      ]
    })
    const plan = await place.call('transfers.plan', grid)
    // Three sets of sources, two relations; no source is as wide as the target.
    expect(plan).toMatchObject({ jobs: 6, runs: 12 })
    expect(plan.notes).toEqual([expect.stringContaining('direct-copy is left out')])
    await place.call('transfers.order', grid)
    await whenQuiet(place)
    const made = await place.call('runs.list', {})
    expect(made.map(({ method }) => method).toSorted()).toEqual([
      ...Array<string>(6).fill('discretization'),
      ...Array<string>(6).fill('procrustes')
    ])
    const wanted = made.find(
      (run) => run.method === 'procrustes' && run.sources.length === 2 && run.relation === relation
    )
    expect(wanted).toMatchObject({ centre: 'none', mask: null, matching: null })
    expect(wanted?.name).toBe(`${relation} (bert-small + roberta-small → bert-large · procrustes)`)
    const sides = await sidesDirectly(place)
    const direct = await place.engine.call('baselines.run', {
      method: { kind: 'procrustes' },
      sources: sides.sources.map(({ model, prompt }) => ({ model, prompts: [prompt], weight: 1 })),
      target: reference(target),
      anchors: sides.anchors,
      centre: 'none',
      rescale: 'after'
    })
    const { vectors } = await place.call('prompts.get', { id: wanted?.promptId ?? '' })
    expect(vectors).toEqual(direct.prompts[0])
  })

  it('that no one can mean is refused with its size', async () => {
    const place = await openPlace()
    const ridges = Array.from({ length: 20_001 }, (_, index) => index)
    await expect(
      place.call('transfers.plan', gridOf(place, { searches: [{ kind: 'exact', ridges }] }))
    ).rejects.toMatchObject({ code: 'bad-argument', detail: { found: '240012 combinations' } })
  })
})
