/**
 * What jobs of version 4 had left to do is planned as work groups: of the same inputs and settings, group by group. Files of
 * version 4 are those of schema 3 one version on, with jobs that they do not have beside.
 */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import {
  type MeasuringGroup,
  plannedGroupsSchema,
  type TuningGroup
} from '#main/experiments/plan/experiment-plan.ts'
import { openConnection } from '#store/file/connection.ts'
import { migrate } from '#store/file/migrate.ts'
import { migrations } from '#store/migrations/all.ts'
import { openStore, type ProjectStore } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import { copyOf, type Expected, readExpected, schema3 } from '#test/support/schema-3.ts'

type Left = { readonly id: string; readonly settings: object; readonly work: object }

/** A file of version 4 with these jobs beside its own, of one cell each. */
async function fileWith(name: string, jobs: readonly Left[]): Promise<string> {
  const path = await copyOf(join(schema3, `${name}.anchorage`))
  const connection = await openConnection(path, 'read-write')
  await migrate(connection, migrations.slice(0, 4))
  for (const { id, settings, work } of jobs) {
    const own = [id, `job ${id}`, JSON.stringify(settings)]
    await connection.run(
      `INSERT INTO jobs (id, title, settings, state, created_at) VALUES (?, ?, ?, 'failed', 0)`,
      own
    )
    await connection.run(
      `INSERT INTO cells (id, job_id, position, label, work, state, attempts)
       VALUES (?, ?, 0, 'P1', ?, 'failed', 1)`,
      [`cell of ${id}`, id, JSON.stringify(work)]
    )
  }
  await connection.close()
  return path
}

async function open(path: string): Promise<ProjectStore> {
  const store = await openStore(path)
  onTestFinished(() => store.close())
  return store
}

async function groupsOf({ read }: ProjectStore, id: string) {
  return plannedGroupsSchema.parse(await read.jobs.groups(id))
}

const transferWork = z.object({
  promptIds: z.array(z.string()),
  seed: z.int().nullable(),
  taskId: z.string().nullable()
})
const transferSettings = z.looseObject({
  sources: z.array(z.object({ modelId: z.string(), weight: z.number() })),
  targetId: z.string(),
  anchorSetId: z.string(),
  solver: z.looseObject({ kind: z.string() }),
  evaluation: z.looseObject({ limit: z.int().nullable() }).nullable()
})

function checkTransfer(
  group: MeasuringGroup,
  settings: object,
  work: object,
  { anchorSets, tasks, prompts, models }: Expected
): void {
  const { sources, targetId, anchorSetId, solver, mask, rescale, device, evaluation } =
    transferSettings.parse(settings)
  const { promptIds, seed, taskId } = transferWork.parse(work)
  const { seed: first, ...method } = solver
  const [cell] = group.cells
  const [, , count, hash] = requireFound(
    anchorSets.find(([id]) => id === anchorSetId),
    'set',
    anchorSetId
  )
  const template = new Set(promptIds.map((id) => prompts.find((one) => one.id === id)?.template))
  expect(cell).toMatchObject({
    method,
    sources: sources.map(({ modelId, weight }, at) => ({ model: modelId, weight, prompt: promptIds[at] })),
    seed: solver.kind === 'adam' ? (seed ?? first) : null,
    anchors: count,
    mask,
    rescale,
    centre: 'none',
    length: prompts.find(({ id }) => id === promptIds[0])?.shape[0],
    template: template.size === 1 ? [...template][0] : null
  })
  expect(group.anchorsHash).toBe(hash)
  expect(group.device).toBe(device)
  expect(group.prompts).toMatchObject(
    promptIds.map((id) => ({ from: 'project', id, sha256: prompts.find((one) => one.id === id)?.sha256 }))
  )
  for (const { name, fingerprint, registered } of [group.target, ...group.sources])
    expect({ id: registered, name, fingerprint }).toEqual(models.find(({ id }) => id === registered))
  expect(group.target.registered).toBe(targetId)
  expect(group.sources.map(({ registered }) => registered)).toEqual(sources.map(({ modelId }) => modelId))
  const task = evaluation === null ? undefined : tasks.find(([id]) => id === taskId)
  expect([group.task?.name, group.task?.sha256, group.task?.limit]).toEqual([
    task?.[1],
    task?.[2],
    task && evaluation?.limit
  ])
}

it.each(['everything', 'unfinished'] as const)('%s: every job has what it had left', async (name) => {
  const expected = await readExpected(name)
  const store = await open(await copyOf(join(schema3, `${name}.anchorage`)))
  let checked = 0
  for (const { id, settings, left, title } of expected.jobs) {
    if (typeof settings === 'string' || settings.kind === 'study') continue
    const groups = await groupsOf(store, id)
    const cells = (await store.read.jobs.cells(id)).filter(({ state }) => state !== 'finished')
    expect(groups.map((group) => [group.id, group.label])).toEqual(
      cells.map(({ groupId, label }) => [groupId, label])
    )
    for (const [index, { work, label }] of left.entries()) {
      const group = requireFound(groups[index], 'group', label)
      const task = expected.tasks.find(([taskId]) => taskId === work.taskId)
      if (settings.kind === 'transfer' && group.kind === 'measuring') {
        checkTransfer(group, settings, work, expected)
        expect(group.cells[0]?.name).toBe(`${label} (${title})`)
      } else {
        const model = group.kind === 'tuning' ? group.model : group.target
        expect(model.registered).toBe(settings.modelId)
        expect(group.task?.sha256).toBe(task?.[2])
        if (group.kind === 'tuning')
          expect(group).toMatchObject({
            seed: work.seed,
            settings: settings.settings,
            device: settings.device
          })
        else expect(group.cells.map(({ method }) => method.kind)).toEqual(kindsOf(work.contestants))
      }
      checked++
    }
  }
  expect(checked).toBeGreaterThan(2)
})

function kindsOf(conditions: unknown): string[] {
  return z
    .array(z.looseObject({ kind: z.string() }))
    .parse(conditions)
    .map(({ kind }) => kind)
}

it('baselines, prompts as starts and as they are, and what names inputs that are gone', async () => {
  const { models, prompts, tasks, anchorSets } = await readExpected('everything')
  const [model, other] = [models[0]?.id ?? '', models[1]?.id ?? '']
  const [prompt, second] = [prompts[0]?.id ?? '', prompts[1]?.id ?? '']
  const taskId = tasks[0]?.[0] ?? ''
  const anchorSetId = anchorSets[0]?.[0] ?? ''
  const transfer = {
    kind: 'transfer',
    sources: [{ modelId: other, weight: 2 }],
    targetId: model,
    anchorSetId,
    mask: { kind: 'top-k', k: 8, from: 'sum' },
    centre: 'mean',
    rescale: 'after',
    device: 'cpu',
    evaluation: null
  }
  const procrustes = { kind: 'procrustes', rescale: 'after' }
  const work = { kind: 'transfer', promptIds: [prompt], seed: null, taskId: null }
  const store = await open(
    await fileWith('everything', [
      { id: 'baseline', settings: { ...transfer, solver: procrustes }, work },
      { id: 'copy', settings: { ...transfer, solver: { kind: 'direct-copy', rescale: 'none' } }, work },
      { id: 'gone', settings: { ...transfer, solver: procrustes, targetId: 'removed' }, work },
      {
        id: 'tuning',
        settings: {
          kind: 'tuning',
          modelId: model,
          start: { kind: 'prompt', promptId: second },
          template: '[X] [V1] [MASK]',
          settings: {},
          device: 'auto'
        },
        work: { kind: 'tuning', taskId, seed: 7 }
      },
      {
        id: 'evaluation',
        settings: {
          kind: 'evaluation',
          modelId: model,
          device: 'auto',
          split: 'dev',
          rankWithin: 'vocabulary',
          limit: 3
        },
        work: {
          kind: 'evaluation',
          taskId,
          contestants: [
            { kind: 'prompt', promptId: prompt },
            { kind: 'random', vectors: 3, seed: 5 }
          ]
        }
      }
    ])
  )
  const measuring = async (id: string): Promise<MeasuringGroup | undefined> => {
    const [group] = await groupsOf(store, id)
    return group?.kind === 'measuring' ? group : undefined
  }
  // Mask and rescaling are no settings of a baseline, which has a rescaling of its own.
  expect((await measuring('baseline'))?.cells).toMatchObject([
    { method: procrustes, mask: null, rescale: null, centre: 'mean', anchors: anchorSets[0]?.[2], seed: null }
  ])
  expect(await measuring('copy')).toMatchObject({
    anchorsHash: null,
    cells: [{ anchors: null, centre: 'none', sources: [{ model: other, weight: 2, prompt }] }]
  })
  expect(await groupsOf(store, 'gone')).toEqual([])
  const [tuning] = await groupsOf(store, 'tuning')
  expect(tuning).toMatchObject({
    kind: 'tuning',
    name: 'P1 (job tuning)',
    length: null,
    seed: 7,
    template: '[X] [V1] [MASK]',
    start: { kind: 'prompt', prompt: { from: 'project', id: second, sha256: prompts[1]?.sha256 } }
  } satisfies Partial<Record<keyof TuningGroup, unknown>>)
  expect(await measuring('evaluation')).toMatchObject({
    evaluation: { split: 'dev', rankWithin: 'vocabulary' },
    task: { limit: 3 },
    prompts: [{ id: prompt }],
    cells: [
      { method: { kind: 'prompt' }, prompt, seed: null },
      { method: { kind: 'random' }, length: 3, seed: 5, prompt: null }
    ]
  })
  expect((await store.read.jobs.list()).slice(-2).map(({ kind }) => kind)).toEqual(['tuning', 'measuring'])
})
