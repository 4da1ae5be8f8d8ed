/** Plans of studies: renamed in place, and read for the names of what their results know by hash alone. */
import { z } from 'zod'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import type { WriteConnection } from '../../file/connection.ts'
import { compress, compressedColumn, hashContent, readRow } from '../../records/row.ts'
import { fingerprintSchema, readIds } from './columns.ts'

const modelSchema = z.object({ name: z.string(), fingerprint: fingerprintSchema })
const taskSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  source: z.looseObject({ kind: z.string() })
})

const tuningGroupSchema = z.object({
  kind: z.literal('tuning'),
  id: z.string(),
  model: modelSchema,
  task: taskSchema,
  device: z.string(),
  length: z.int(),
  seed: z.int(),
  settings: tuningSettingsSchema
})
export type OldTuningGroup = z.output<typeof tuningGroupSchema>

const measuringGroupSchema = z.object({
  kind: z.literal('measuring'),
  target: modelSchema,
  task: taskSchema,
  sources: z.array(modelSchema),
  prompts: z.array(z.looseObject({ from: z.string(), id: z.string(), path: z.string().optional() })),
  cells: z.array(z.object({ id: z.string(), seed: z.int().nullable() }))
})

const planSchema = z.object({
  groups: z.array(z.discriminatedUnion('kind', [tuningGroupSchema, measuringGroupSchema]))
})
/** As it was stored, with every key. */
const storedSchema = z.looseObject({
  study: z.looseObject({
    settings: z.looseObject({}),
    experiments: z.array(z.looseObject({ carriedToItself: z.unknown() }))
  }),
  groups: z.array(z.looseObject({ id: z.string() })),
  experiments: z.array(z.looseObject({ cells: z.array(z.looseObject({})) }))
})

type Plan = z.output<typeof planSchema>

/** What the plans know, by hash: of the newest plan, where several name the same thing. */
export type OldPlans = {
  readonly models: ReadonlyMap<string, string>
  readonly tasks: ReadonlyMap<string, { readonly name: string; readonly isRelation: boolean }>
  /** The file of a prompt. */
  readonly promptFiles: ReadonlyMap<string, string>
  readonly tunings: ReadonlyMap<string, OldTuningGroup>
  /** By the id of the cell. */
  readonly seeds: ReadonlyMap<string, number | null>
}

/** What a model is looked up by. */
export function modelKey({ table, tokenizer }: z.output<typeof fingerprintSchema>): string {
  return `${table} ${tokenizer}`
}

const rowSchema = z.object({ plan: compressedColumn(z.unknown()) })

/** What the version did not know is as a new plan of the same file has it. */
const uncentred = { centre: 'none' }

function renamed(stored: z.output<typeof storedSchema>) {
  const { study, experiments: sections, ...plan } = stored
  const { experiments, ...experiment } = study
  return {
    ...plan,
    experiment: {
      ...experiment,
      settings: { ...experiment.settings, ...uncentred },
      sections: experiments.map(({ carriedToItself, ...section }) => ({
        ...section,
        includeSelfTransfer: carriedToItself
      }))
    },
    sections: sections.map((section) => ({
      ...section,
      cells: section.cells.map((cell) => ({ ...cell, ...uncentred }))
    }))
  }
}

/** What the groups of the plans know; a later plan's word counts. */
function readKnowledge(plans: readonly Plan[]): OldPlans {
  const groups = plans.flatMap((plan) => plan.groups)
  const tunings = groups.filter((group) => group.kind === 'tuning')
  const measuring = groups.filter((group) => group.kind === 'measuring')
  const models = groups.flatMap((group) =>
    group.kind === 'tuning' ? [group.model] : [group.target, ...group.sources]
  )
  return {
    models: new Map(models.map(({ name, fingerprint }) => [modelKey(fingerprint), name])),
    tasks: new Map(
      groups.map(({ task: { name, sha256, source } }) => [
        sha256,
        { name, isRelation: source.kind === 'relation' }
      ])
    ),
    promptFiles: new Map(
      measuring.flatMap(({ prompts }) =>
        prompts.flatMap(({ id, path }) => (path === undefined ? [] : [[id, path] as const]))
      )
    ),
    tunings: new Map(tunings.map((group) => [group.id, group])),
    seeds: new Map(measuring.flatMap(({ cells }) => cells.map(({ id, seed }) => [id, seed] as const)))
  }
}

/** Puts a plan in the new words, under the hash that it has then; jobs of the experiment follow. */
async function storeRenamed(connection: WriteConnection, id: string, json: unknown): Promise<void> {
  const plan = renamed(readRow(storedSchema, json, 'the plan of a study'))
  const { experiment, groups, sections } = plan
  const newId = hashContent({ experiment, groups: groups.map((group) => group.id), sections })
  await connection.run('UPDATE experiments SET id = ?, plan = ? WHERE id = ?', [newId, compress(plan), id])
  await connection.run(
    `UPDATE jobs SET settings = json_set(settings, '$.experimentId', ?) WHERE settings ->> '$.experimentId' = ?`,
    [newId, id]
  )
}

/** Renames every plan; what the plans know. */
export async function renamePlans(connection: WriteConnection): Promise<OldPlans> {
  const plans: Plan[] = []
  for (const id of await readIds(connection, 'SELECT id FROM experiments ORDER BY created_at, rowid')) {
    const row = await connection.get('SELECT plan FROM experiments WHERE id = ?', [id])
    const { plan } = readRow(rowSchema, row, 'a study')
    plans.push(readRow(planSchema, plan, 'the plan of a study'))
    await storeRenamed(connection, id, plan)
  }
  return readKnowledge(plans)
}
