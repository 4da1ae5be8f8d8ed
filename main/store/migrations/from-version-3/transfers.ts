/** Runs of version 3, all of them transfers by the method: each with the newest evaluation of what it found. */
import { z } from 'zod'
import { modelIdentitySchema, type RunManifest, selectionSchema } from '#engine/common/contract/runs.ts'
import { maskSettingsSchema, rescaleSchema } from '#engine/common/contract/transfer.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { jsonColumn, readRow } from '../../records/row.ts'
import { deviceSchema, insertRun, oldReportSchema, readIds, versionsSchema } from './columns.ts'
import { evaluatedBy, newestEvaluation, readEvaluation } from './old-evaluations.ts'
import { readRecipes } from './prompts.ts'

const oldManifestSchema = z.object({
  sources: z.array(
    z.object({
      model: modelIdentitySchema,
      prompt: z.object({ name: z.string(), sha256: z.string() }),
      weight: z.number()
    })
  ),
  target: modelIdentitySchema,
  anchors: z.object({ name: z.string(), hash: z.string(), count: z.int() }),
  mask: maskSettingsSchema,
  solver: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('exact'), ridge: z.number() }),
    z.object({
      kind: z.literal('adam'),
      steps: z.int(),
      learningRate: z.number(),
      seed: z.int(),
      selection: z.enum(['last', 'lowest-loss']),
      snapshotEvery: z.int().optional()
    })
  ]),
  rescale: rescaleSchema,
  task: z.string().nullable(),
  relation: z.string().nullable(),
  template: z.string().nullable(),
  selection: selectionSchema,
  device: deviceSchema,
  versions: versionsSchema
})

const runRow = z.object({
  id: z.string(),
  cell_id: z.string().nullable(),
  prompt_id: z.string().nullable(),
  name: z.string(),
  manifest: jsonColumn(oldManifestSchema),
  report: jsonColumn(oldReportSchema),
  loss_curve: z.instanceof(Buffer).nullable(),
  chosen_step: z.int().nullable(),
  seconds: z.number(),
  created_at: z.int()
})

function methodOf(solver: z.output<typeof oldManifestSchema>['solver']): RunManifest['method'] {
  if (solver.kind === 'exact') return solver
  const { seed: _, snapshotEvery = null, ...adam } = solver
  return { ...adam, snapshotEvery }
}

function manifestOf(
  { solver, sources, task, ...old }: z.output<typeof oldManifestSchema>,
  length: number,
  recipes: ReadonlyMap<string, string>
): RunManifest {
  return {
    ...old,
    method: methodOf(solver),
    sources: sources.map(({ prompt, ...source }) => ({
      ...source,
      prompt: { ...prompt, recipe: recipes.get(prompt.sha256) ?? null }
    })),
    prompt: null,
    centre: 'none',
    seed: solver.kind === 'adam' ? solver.seed : null,
    length,
    tuning: null,
    task: null,
    // A name alone: which data it was is known of evaluations.
    relation: old.relation ?? task,
    evaluation: null
  }
}

async function moveTransfer(
  connection: WriteConnection,
  id: string,
  recipes: ReadonlyMap<string, string>
): Promise<void> {
  const stored = await connection.get(
    `SELECT runs.*, prompts.id AS prompt_id FROM runs LEFT JOIN prompts ON prompts.run_id = runs.id WHERE runs.id = ?`,
    [id]
  )
  const row = readRow(runRow, stored, 'a run')
  const unevaluated = manifestOf(row.manifest, row.report.vectors.length, recipes)
  const totalWeight = unevaluated.sources.reduce((sum, { weight }) => sum + weight, 0)
  const newest = await newestEvaluation(connection, row.prompt_id, unevaluated.target.fingerprint)
  const evaluation = newest === null ? null : await readEvaluation(connection, newest)
  await insertRun(connection, {
    id,
    cellId: row.cell_id,
    promptId: row.prompt_id,
    name: row.name,
    manifest: evaluation === null ? unevaluated : evaluatedBy(unevaluated, evaluation),
    matching: row.report.meanMatching / totalWeight,
    report: row.report,
    notes: row.report.notes,
    lossCurve: row.loss_curve,
    chosenStep: row.chosen_step,
    curve: [],
    evaluated: evaluation,
    seconds: row.seconds,
    createdAt: row.created_at
  })
}

export async function moveTransfers(connection: WriteConnection): Promise<void> {
  const recipes = await readRecipes(connection)
  for (const id of await readIds(connection, 'SELECT id FROM runs ORDER BY created_at, rowid'))
    await moveTransfer(connection, id, recipes)
}
