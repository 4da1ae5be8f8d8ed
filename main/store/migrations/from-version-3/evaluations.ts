/** Evaluations that no run has taken: of further tasks and splits, of manual templates, random vectors, other prompts. */
import { z } from 'zod'
import { curvePointSchema, type RunManifest, runManifestSchema } from '#engine/common/contract/runs.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { jsonColumn, readRow } from '../../records/row.ts'
import { insertRun, oldReportSchema, readIds } from './columns.ts'
import { evaluatedBy, newestEvaluation, type OldEvaluation, readEvaluation } from './old-evaluations.ts'
import { modelKey } from './plans.ts'

const madeByRow = z.object({
  id: z.string(),
  name: z.string(),
  manifest: jsonColumn(runManifestSchema),
  matching: z.number().nullable(),
  report: jsonColumn(oldReportSchema).nullable(),
  notes: jsonColumn(z.array(z.string())),
  loss_curve: z.instanceof(Buffer).nullable(),
  chosen_step: z.int().nullable(),
  curve: jsonColumn(z.array(curvePointSchema)),
  seconds: z.number()
})
type MadeBy = z.output<typeof madeByRow>

/** The run that found the prompt, where it was found in the project. */
async function madeBy(connection: WriteConnection, promptId: string | null): Promise<MadeBy | null> {
  const row = await connection.get(
    `SELECT new_runs.* FROM new_runs JOIN new_prompts ON new_runs.id =
       coalesce(new_prompts.origin ->> '$.run', new_prompts.origin ->> '$.tuning')
     WHERE new_prompts.id = ?`,
    [promptId]
  )
  return row === undefined ? null : readRow(madeByRow, row, 'a run')
}

const promptRow = z.object({
  vector_count: z.int(),
  relation: z.string().nullable()
})

/** The manifest of what no run of the project made: a template, random vectors, a prompt as it is. */
function plainManifest(
  { manifest }: OldEvaluation,
  stored: z.output<typeof promptRow> | undefined
): RunManifest {
  const { contestant, model, device, versions, template, task } = manifest
  const common = {
    sources: [],
    target: model,
    anchors: null,
    mask: null,
    centre: 'none' as const,
    rescale: null,
    tuning: null,
    task: null,
    relation: stored?.relation ?? task.name,
    template,
    evaluation: null,
    selection: 'none' as const,
    device,
    versions
  }
  switch (contestant.kind) {
    case 'manual':
      return { ...common, method: { kind: 'manual' }, prompt: null, seed: null, length: null }
    case 'random': {
      const { seed, vectors } = contestant
      return { ...common, method: { kind: 'random' }, prompt: null, seed, length: vectors }
    }
    case 'prompt': {
      const { name, sha256 } = contestant
      return {
        ...common,
        method: { kind: 'prompt' },
        prompt: { name, sha256, recipe: null },
        seed: null,
        length: stored?.vector_count ?? null
      }
    }
  }
}

function nameOf({ contestant, task, model }: OldEvaluation['manifest']): string {
  const seed = contestant.kind === 'random' ? `, seed ${contestant.seed}` : ''
  return `${task.name} (${model.name}, ${contestant.kind}${seed})`
}

/** The prompt that an evaluation names; undefined for a template or random vectors. */
async function promptOf(connection: WriteConnection, promptId: string | null) {
  const row = await connection.get('SELECT vector_count, relation FROM new_prompts WHERE id = ?', [promptId])
  return row === undefined ? undefined : readRow(promptRow, row, 'a prompt')
}

async function moveEvaluation(connection: WriteConnection, evaluation: OldEvaluation): Promise<void> {
  const { id, promptId, manifest, createdAt, cellId } = evaluation
  const maker = await madeBy(connection, promptId)
  const common = { id, cellId, promptId, evaluated: evaluation, createdAt }
  if (
    maker !== null &&
    modelKey(maker.manifest.target.fingerprint) === modelKey(manifest.model.fingerprint)
  ) {
    if ((await newestEvaluation(connection, promptId, manifest.model.fingerprint)) === id) return
    await insertRun(connection, {
      ...common,
      name: maker.name,
      manifest: evaluatedBy(maker.manifest, evaluation),
      matching: maker.matching,
      report: maker.report,
      notes: maker.notes,
      lossCurve: maker.loss_curve,
      chosenStep: maker.chosen_step,
      curve: maker.curve,
      seconds: maker.seconds
    })
    return
  }
  await insertRun(connection, {
    ...common,
    name: nameOf(manifest),
    manifest: evaluatedBy(plainManifest(evaluation, await promptOf(connection, promptId)), evaluation),
    matching: null,
    report: null,
    notes: [],
    lossCurve: null,
    chosenStep: null,
    curve: [],
    seconds: 0
  })
}

export async function moveEvaluations(connection: WriteConnection): Promise<void> {
  for (const id of await readIds(connection, 'SELECT id FROM evaluations ORDER BY created_at, rowid'))
    await moveEvaluation(connection, await readEvaluation(connection, id))
}
