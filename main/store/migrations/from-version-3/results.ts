/** Results of studies: runs under the id that they have, named as the plans name what they know by hash. */
import { z } from 'zod'
import { scoresSchema, skippedExamplesSchema } from '#engine/common/contract/evaluation.ts'
import { methodSchema } from '#engine/common/contract/methods.ts'
import {
  curvePointSchema,
  type PromptIdentity,
  type RunManifest,
  selectionSchema
} from '#engine/common/contract/runs.ts'
import { maskSettingsSchema, rescaleSchema } from '#engine/common/contract/transfer.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { compressedColumn, readRow } from '../../records/row.ts'
import { deviceSchema, fingerprintSchema, insertRun, readIds, versionsSchema } from './columns.ts'
import { modelKey, type OldPlans } from './plans.ts'
import { groupTuning, type StudyPrompt } from './study-prompts.ts'

const resultSchema = z.object({
  id: z.string(),
  manifest: z.object({
    inputs: z.object({
      method: methodSchema,
      sources: z.array(z.object({ model: fingerprintSchema, prompt: z.string(), weight: z.number() })),
      target: fingerprintSchema,
      prompt: z.string().nullable(),
      task: z.object({ sha256: z.string(), limit: z.int().nullable() }),
      seed: z.int().nullable(),
      length: z.int().nullable(),
      anchors: z.object({ hash: z.string(), count: z.int() }).nullable(),
      mask: maskSettingsSchema.nullable(),
      rescale: rescaleSchema.nullable()
    }),
    template: z.string(),
    device: deviceSchema,
    versions: versionsSchema
  }),
  scores: scoresSchema,
  skipped: skippedExamplesSchema,
  predictions: z.array(
    z.object({ example: z.string(), rank: z.int(), loss: z.number(), answer: z.string() })
  ),
  matching: z.number().nullable(),
  selection: selectionSchema,
  chosenStep: z.int().nullable(),
  curve: z.array(curvePointSchema),
  notes: z.array(z.string()),
  seconds: z.number()
})
type OldResult = z.output<typeof resultSchema>

const resultRow = z.object({ id: z.string(), result: compressedColumn(resultSchema), created_at: z.int() })

type Known = { readonly plans: OldPlans; readonly prompts: ReadonlyMap<string, StudyPrompt> }

/** A prompt of a study: tuned in it, or read from a file, where its id is the hash of its vectors. */
function identityOf(id: string, { plans, prompts }: Known): PromptIdentity {
  const tuned = prompts.get(id)
  if (tuned !== undefined) return { name: tuned.name, sha256: tuned.sha256, recipe: id }
  // Of a plan whose prompt was not tuned in this project.
  if (plans.tunings.has(id)) return { name: id.slice(0, 8), sha256: null, recipe: id }
  return { name: plans.promptFiles.get(id) ?? id.slice(0, 8), sha256: id, recipe: null }
}

function manifestOf(result: OldResult, known: Known): RunManifest {
  const { inputs, template, device, versions } = result.manifest
  const { plans, prompts } = known
  const modelOf = (fingerprint: RunManifest['target']['fingerprint']) => ({
    name: plans.models.get(modelKey(fingerprint)) ?? fingerprint.table.slice(0, 8),
    fingerprint
  })
  const task = plans.tasks.get(inputs.task.sha256)
  const tuned = prompts.get(inputs.prompt ?? '')
  return {
    method: inputs.method,
    sources: inputs.sources.map(({ model, prompt, weight }) => ({
      model: modelOf(model),
      prompt: identityOf(prompt, known),
      weight
    })),
    target: modelOf(inputs.target),
    prompt: inputs.prompt === null ? null : identityOf(inputs.prompt, known),
    // Of a tuned prompt the seed is in the plan alone.
    seed: inputs.seed ?? plans.seeds.get(result.id) ?? null,
    length: inputs.length,
    anchors: inputs.anchors === null ? null : { name: 'shared words', ...inputs.anchors },
    mask: inputs.mask,
    centre: 'none',
    rescale: inputs.rescale,
    tuning: tuned?.group === undefined ? null : groupTuning(tuned.group, tuned.tuning.template),
    task: { name: task?.name ?? inputs.task.sha256.slice(0, 8), sha256: inputs.task.sha256 },
    relation: task?.isRelation === true ? task.name : null,
    template,
    evaluation: {
      split: 'test',
      rankWithin: 'candidates',
      limit: inputs.task.limit,
      skipped: result.skipped,
      candidates: null
    },
    selection: result.selection,
    device,
    versions
  }
}

function nameOf({ method, sources, target, task, seed }: RunManifest): string {
  const from = sources.map(({ model }) => model.name).join(' + ')
  const models = from === '' ? target.name : `${from} → ${target.name}`
  return `${task?.name} (${models}, ${method.kind}${seed === null ? '' : `, seed ${seed}`})`
}

async function moveResult(connection: WriteConnection, id: string, known: Known): Promise<void> {
  const stored = await connection.get('SELECT * FROM study_results WHERE id = ?', [id])
  const { result, created_at: createdAt } = readRow(resultRow, stored, 'a result of a study')
  const manifest = manifestOf(result, known)
  // What it cost to find the prompt of direct tuning, and its step, were kept with the prompt alone.
  const tuned = known.prompts.get(result.manifest.inputs.prompt ?? '')
  await insertRun(connection, {
    id,
    inputsHash: id,
    cellId: null,
    promptId: tuned?.id ?? null,
    name: nameOf(manifest),
    manifest,
    matching: result.matching,
    report: null,
    notes: result.notes,
    lossCurve: null,
    chosenStep: tuned?.tuning.chosenStep ?? result.chosenStep,
    curve: result.curve,
    evaluated: {
      scores: result.scores,
      predictions: result.predictions.map(({ answer, ...prediction }) => ({
        ...prediction,
        input: null,
        label: null,
        top: [{ word: answer, probability: null }]
      })),
      seconds: null
    },
    seconds: tuned?.tuning.seconds ?? result.seconds,
    createdAt
  })
  if (tuned === undefined) return
  const origin = JSON.stringify({ kind: 'tuning', tuning: id })
  await connection.run('UPDATE new_prompts SET origin = ? WHERE id = ?', [origin, tuned.id])
}

export async function moveResults(connection: WriteConnection, known: Known): Promise<void> {
  for (const id of await readIds(connection, 'SELECT id FROM study_results ORDER BY created_at, rowid'))
    await moveResult(connection, id, known)
}
