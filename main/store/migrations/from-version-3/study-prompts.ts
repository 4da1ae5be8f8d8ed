/** Prompts tuned for studies: each is a prompt like any other, known by how it was tuned. */
import { z } from 'zod'
import type { TuningRecord } from '#engine/common/contract/runs.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { hashVectors } from '../../records/prompts.ts'
import { float32Column, insertRow, jsonColumn, readRow } from '../../records/row.ts'
import { insertRun, readIds, tunedManifest, versionsSchema } from './columns.ts'
import type { OldPlans, OldTuningGroup } from './plans.ts'

const studyPromptRow = z.object({
  id: z.string(),
  vector_count: z.int(),
  width: z.int(),
  vectors: z.instanceof(Buffer),
  tuning: jsonColumn(
    z.object({
      template: z.string(),
      chosenStep: z.int(),
      selection: z.enum(['validation', 'last']),
      device: z.string(),
      seconds: z.number(),
      versions: versionsSchema
    })
  ),
  created_at: z.int()
})
type StudyPromptRow = z.output<typeof studyPromptRow>

/** A prompt that was tuned for a study, and how: what it was tuned on is in the plans alone. */
export type StudyPrompt = Pick<StudyPromptRow, 'id' | 'tuning'> & {
  readonly name: string
  readonly sha256: string
  readonly length: number
  readonly relation: string | null
  readonly group: OldTuningGroup | undefined
  readonly createdAt: number
}

async function moveStudyPrompt(
  connection: WriteConnection,
  row: StudyPromptRow,
  plans: OldPlans
): Promise<StudyPrompt> {
  const { id, vector_count, width, vectors, tuning, created_at } = row
  const group = plans.tunings.get(id)
  const task = group === undefined ? undefined : plans.tasks.get(group.task.sha256)
  const relation = task?.isRelation === true ? task.name : null
  const name =
    group === undefined
      ? `tuned prompt ${id.slice(0, 8)}`
      : `${group.task.name} (${group.model.name}, direct-tuning, seed ${group.seed})`
  const sha256 = hashVectors({ rows: vector_count, columns: width, data: float32Column.parse(vectors) })
  await insertRow(connection, 'new_prompts', {
    id,
    name,
    vector_count,
    width,
    vectors,
    sha256,
    model_name: group?.model.name ?? null,
    table_fingerprint: group?.model.fingerprint.table ?? null,
    task: group?.task.name ?? null,
    relation,
    position: 'template',
    template: tuning.template,
    // The run of its tuning has the same id, where no result of direct tuning takes its place.
    origin: JSON.stringify({ kind: 'tuning', tuning: id }),
    recipe: id,
    warnings: '[]',
    created_at
  })
  return { id, tuning, name, sha256, length: vector_count, relation, group, createdAt: created_at }
}

/** Moves the prompts tuned for studies; what is known of each, by its id. */
export async function moveStudyPrompts(
  connection: WriteConnection,
  plans: OldPlans
): Promise<ReadonlyMap<string, StudyPrompt>> {
  const moved = new Map<string, StudyPrompt>()
  for (const id of await readIds(connection, 'SELECT id FROM study_prompts ORDER BY created_at, rowid')) {
    const row = await connection.get('SELECT * FROM study_prompts WHERE id = ?', [id])
    const stored = readRow(studyPromptRow, row, 'a prompt tuned for a study')
    moved.set(id, await moveStudyPrompt(connection, stored, plans))
  }
  return moved
}

/** How a group of a study tuned its prompt: always from a random start. */
export function groupTuning(
  { task, length, seed, settings }: OldTuningGroup,
  template: string
): TuningRecord {
  return {
    task: { name: task.name, sha256: task.sha256 },
    start: { kind: 'random', vectors: length },
    template,
    settings,
    seed,
    ended: null,
    examples: null
  }
}

/** Prompts that no result of direct tuning has: a run each, not evaluated, so that it is known how they were made. */
export async function moveStudyTunings(
  connection: WriteConnection,
  prompts: ReadonlyMap<string, StudyPrompt>
): Promise<void> {
  const measured = new Set(
    await readIds(connection, 'SELECT DISTINCT prompt_id AS id FROM new_runs WHERE prompt_id IS NOT NULL')
  )
  for (const { id, name, sha256, length, relation, tuning, group, createdAt } of prompts.values()) {
    if (group === undefined || measured.has(id)) continue
    const { template, selection, device, versions, chosenStep, seconds } = tuning
    await insertRun(connection, {
      id,
      cellId: null,
      promptId: id,
      name,
      manifest: tunedManifest({
        target: { name: group.model.name, fingerprint: group.model.fingerprint },
        prompt: { name, sha256, recipe: id },
        length,
        relation,
        tuning: groupTuning(group, template),
        selection,
        device: { asked: group.device, used: device },
        versions
      }),
      matching: null,
      report: null,
      notes: [],
      lossCurve: null,
      chosenStep,
      curve: [],
      evaluated: null,
      seconds,
      createdAt
    })
  }
}
