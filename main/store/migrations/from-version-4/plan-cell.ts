/** A part of a job of version 4 as the work group that it is: its inputs as the project has them registered. */
import { z } from 'zod'
import type { WriteConnection } from '../../file/connection.ts'
import { jsonColumn, readRow } from '../../records/row.ts'

const weightedSource = z.object({ modelId: z.string(), weight: z.number() })
const evaluation = z.object({ split: z.string(), rankWithin: z.string(), limit: z.int().nullable() })

const oldSettings = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('transfer'),
    sources: z.array(weightedSource),
    targetId: z.string(),
    anchorSetId: z.string().nullable(),
    mask: z.unknown(),
    centre: z.string().default('none'),
    solver: z.looseObject({
      kind: z.string(),
      seed: z.int().optional(),
      snapshotEvery: z.int().nullable().optional()
    }),
    rescale: z.string(),
    device: z.string(),
    evaluation: evaluation.nullable().default(null)
  }),
  evaluation.extend({ kind: z.literal('evaluation'), modelId: z.string(), device: z.string() }),
  z.object({
    kind: z.literal('tuning'),
    modelId: z.string(),
    start: z.object({ kind: z.string(), vectors: z.int().optional(), promptId: z.string().optional() }),
    template: z.string().nullable(),
    settings: z.unknown(),
    device: z.string()
  })
])

export const oldJob = z.object({ id: z.string(), title: z.string(), settings: jsonColumn(oldSettings) })
export type OldJob = z.output<typeof oldJob>
type Settings<Kind> = Extract<OldJob['settings'], { kind: Kind }>

const oldWork = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('transfer'),
    promptIds: z.array(z.string()),
    seed: z.int().nullable(),
    taskId: z.string().nullable().default(null)
  }),
  z.object({
    kind: z.literal('evaluation'),
    taskId: z.string(),
    contestants: z.array(
      z.object({
        kind: z.enum(['prompt', 'manual', 'random']),
        promptId: z.string().optional(),
        vectors: z.int().optional(),
        seed: z.int().optional()
      })
    )
  }),
  z.object({ kind: z.literal('tuning'), taskId: z.string(), seed: z.int() })
])

export const oldCell = z.object({ id: z.string(), label: z.string(), work: jsonColumn(oldWork) })
export type OldCell = z.output<typeof oldCell>
type Work<Kind> = Extract<OldCell['work'], { kind: Kind }>

const modelRow = z.object({
  reference: jsonColumn(z.unknown()),
  report: jsonColumn(z.looseObject({ name: z.string(), fingerprint: z.record(z.string(), z.string()) })),
  weights: z.string().nullable()
})
const promptRow = z.object({
  id: z.string(),
  name: z.string(),
  sha256: z.string(),
  recipe: z.string().nullable(),
  relation: z.string().nullable(),
  position: z.string(),
  template: z.string().nullable(),
  length: z.int()
})
const taskRow = z.object({
  source: jsonColumn(z.unknown()),
  summary: jsonColumn(
    z.looseObject({ name: z.string(), template: z.unknown(), sha256: z.string(), examples: z.unknown() })
  )
})
const anchorsRow = z.object({ name: z.string(), hash: z.string(), count: z.int() })

/** Thrown where an input is gone. */
const gone = Symbol('gone')

/** Reads registered inputs by their ids. @throws `gone` */
function inputsOf(connection: WriteConnection) {
  const find = async <S extends z.ZodType>(
    schema: S,
    sql: string,
    id: string | undefined
  ): Promise<z.output<S>> => {
    const row = id === undefined ? undefined : await connection.get(`${sql} WHERE id = ?`, [id])
    if (row === undefined) throw gone
    return readRow(schema, row, 'an input of a job')
  }
  return {
    model: async (id: string) => {
      const sql = 'SELECT reference, report, weights_fingerprint AS weights FROM models'
      const { reference, report, weights } = await find(modelRow, sql, id)
      const fingerprint = weights === null ? report.fingerprint : { ...report.fingerprint, weights }
      return { name: report.name, fingerprint, reference, registered: id }
    },
    prompt: async (id: string | undefined) => {
      const columns = 'id, name, sha256, recipe, relation, position, template, vector_count AS length'
      const { template, length, ...prompt } = await find(promptRow, `SELECT ${columns} FROM prompts`, id)
      return { template, length, planned: { from: 'project', ...prompt } }
    },
    task: async (id: string, limit: number | null) => {
      const { source, summary } = await find(taskRow, 'SELECT source, summary FROM tasks', id)
      const { name, template, sha256, examples } = summary
      return { name, source, template, sha256, limit, examples }
    },
    anchors: async (id: string) => await find(anchorsRow, 'SELECT name, hash, count FROM anchor_sets', id)
  }
}
type Inputs = ReturnType<typeof inputsOf>

const bare = {
  sources: [],
  prompt: null,
  seed: null,
  length: null,
  anchors: null,
  mask: null,
  centre: 'none',
  rescale: null
}

async function planTransfer(
  inputs: Inputs,
  { sources, targetId, anchorSetId, mask, centre, solver, rescale, device, evaluation }: Settings<'transfer'>,
  { promptIds, seed, taskId }: Work<'transfer'>,
  { id, label, name }: { id: string; label: string; name: string }
) {
  const isSearch = solver.kind === 'exact' || solver.kind === 'adam'
  const needsAnchors = solver.kind !== 'direct-copy' && solver.kind !== 'discretization'
  const anchors = anchorSetId === null || !needsAnchors ? null : await inputs.anchors(anchorSetId)
  const { seed: first = null, snapshotEvery = null, ...settings } = solver
  const prompts = await Promise.all(promptIds.map(inputs.prompt))
  const templates = new Set(prompts.map(({ template }) => template))
  const models = new Map(
    await Promise.all(sources.map(async ({ modelId }) => [modelId, await inputs.model(modelId)] as const))
  )
  return {
    kind: 'measuring',
    id,
    label,
    device,
    task: evaluation === null || taskId === null ? null : await inputs.task(taskId, evaluation.limit),
    ...(evaluation === null
      ? {}
      : { evaluation: { split: evaluation.split, rankWithin: evaluation.rankWithin, wordsKept: 10 } }),
    target: await inputs.model(targetId),
    sources: [...models.values()],
    anchorsHash: anchors?.hash ?? null,
    anchorsName: anchors?.name ?? '',
    prompts: prompts.map(({ planned }) => planned),
    cells: [
      {
        ...bare,
        id,
        name,
        method: snapshotEvery === null ? settings : { ...settings, snapshotEvery },
        sources: sources.map(({ modelId, weight }, index) => ({
          model: modelId,
          weight,
          prompt: promptIds[index]
        })),
        seed: solver.kind === 'adam' || solver.kind === 'projector' ? (seed ?? first) : null,
        length: prompts[0]?.length ?? null,
        anchors: anchors?.count ?? null,
        mask: isSearch ? mask : null,
        centre: needsAnchors ? centre : 'none',
        rescale: isSearch ? rescale : null,
        template: templates.size === 1 ? (prompts[0]?.template ?? null) : null
      }
    ]
  }
}

async function planEvaluation(
  inputs: Inputs,
  { modelId, device, split, rankWithin, limit }: Settings<'evaluation'>,
  { taskId, contestants }: Work<'evaluation'>,
  { id, label }: { id: string; label: string }
) {
  const prompts = []
  const cells = []
  for (const [index, { kind, promptId, vectors = null, seed = null }] of contestants.entries()) {
    const cell = { ...bare, id: `${index}`, method: { kind } }
    if (kind !== 'prompt') cells.push({ ...cell, length: vectors, seed })
    else {
      const { planned, length, template } = await inputs.prompt(promptId)
      prompts.push(planned)
      cells.push({ ...cell, prompt: planned.id, length, template })
    }
  }
  return {
    kind: 'measuring',
    id,
    label,
    device,
    task: await inputs.task(taskId, limit),
    evaluation: { split, rankWithin, wordsKept: 10 },
    target: await inputs.model(modelId),
    sources: [],
    anchorsHash: null,
    anchorsName: '',
    prompts,
    cells
  }
}

async function planTuning(
  inputs: Inputs,
  { modelId, start, template, settings, device }: Settings<'tuning'>,
  { taskId, seed }: Work<'tuning'>,
  named: { id: string; label: string; name: string }
) {
  const prompt = start.kind === 'prompt' ? (await inputs.prompt(start.promptId)).planned : null
  return {
    kind: 'tuning',
    ...named,
    device,
    task: await inputs.task(taskId, null),
    model: await inputs.model(modelId),
    length: start.vectors ?? null,
    start: start.kind === 'random' ? null : prompt === null ? { kind: 'manual' } : { kind: 'prompt', prompt },
    template,
    seed,
    settings
  }
}

/** The group; null where one of its inputs is gone, or the cell is of another kind than its job. */
export async function planCell(
  connection: WriteConnection,
  { title, settings }: OldJob,
  { id, label, work }: OldCell
): Promise<unknown> {
  const inputs = inputsOf(connection)
  const named = { id, label, name: `${label} (${title})` }
  try {
    if (settings.kind === 'transfer' && work.kind === 'transfer')
      return await planTransfer(inputs, settings, work, named)
    if (settings.kind === 'evaluation' && work.kind === 'evaluation')
      return await planEvaluation(inputs, settings, work, named)
    if (settings.kind === 'tuning' && work.kind === 'tuning')
      return await planTuning(inputs, settings, work, named)
  } catch (error) {
    if (error !== gone) throw error
  }
  return null
}
