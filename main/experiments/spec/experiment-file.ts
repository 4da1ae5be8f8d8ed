/**
 * The experiment file: what is compared with what, on which tasks, in one YAML document. Inputs are named once (models,
 * tasks, prompts, methods); sections say which of them meet, and which setting is varied.
 */
import { z } from 'zod'
import { anchorFiltersSchema, anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import { methodSchema } from '#engine/common/contract/methods.ts'
import { modelReferenceSchema } from '#engine/common/contract/models.ts'
import { classificationSourceSchema, relationSourceSchema } from '#engine/common/contract/tasks.ts'
import { centreSchema, maskSettingsSchema, rescaleSchema } from '#engine/common/contract/transfer.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'

/** What things are called in the file, in tables and in file names. */
const nameSchema = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, {
  error: 'a name of letters, digits, ".", "_" and "-"'
})

/** A list without repeats. */
function distinct<S extends z.ZodType>(element: S) {
  return z
    .array(element)
    .min(1)
    .refine((list) => new Set(list.map((one) => JSON.stringify(one))).size === list.length, {
      error: 'every entry once'
    })
}

const modelSchema = z.strictObject({ ...modelReferenceSchema.shape }).meta({
  description: 'A model folder; relative to the experiment file.'
})

const limitSchema = z
  .int()
  .positive()
  .nullable()
  .default(null)
  .meta({ description: 'Ask only the first so many examples of each test split.' })

const relationsSchema = z
  .strictObject({
    ...relationSourceSchema.omit({ template: true }).shape,
    kind: z.literal('relations'),
    folder: z.string().min(1).meta({ description: 'A folder with a folder per relation.' }),
    only: distinct(z.string())
      .nullable()
      .default(null)
      .meta({ description: 'Only these relations; null: all of the folder.' }),
    limit: limitSchema
  })
  .meta({ description: 'LAMA or OptiPrompt relations.' })

const classificationSchema = z
  .strictObject({ ...classificationSourceSchema.omit({ name: true }).shape, limit: limitSchema })
  .meta({ description: 'Labelled texts.' })

const taskSetSchema = z.discriminatedUnion('kind', [relationsSchema, classificationSchema])

const promptsSchema = z.strictObject({
  tuned: z
    .array(
      z.strictObject({
        model: nameSchema,
        folder: z.string().min(1).meta({ description: 'OptiPrompt tree: <task>/prompt_vecs.npy.' }),
        length: z.int().positive().meta({ description: 'm; the files may hold more rows.' }),
        seed: z.int().meta({ description: 'The seed of the experiment that these prompts stand for.' })
      })
    )
    .default([]),
  tuning: z
    .strictObject({ ...tuningSettingsSchema.shape })
    .nullable()
    .default(null)
    .meta({ description: 'How every other prompt is tuned; null: what is missing is an error.' })
})

const anchorsSchema = z.strictObject({
  ...anchorRecipeSchema.omit({ cap: true, order: true, filters: true }).shape,
  filters: z.strictObject({ ...anchorFiltersSchema.shape }).prefault({}),
  rankedBy: nameSchema
    .nullable()
    .default(null)
    .meta({ description: 'The model whose vocabulary says which anchors come first; null: the first model.' })
})

const anchorCountSchema = z.union([z.int().positive(), z.literal('all')])

const lengthSchema = z.int().positive()

const settingsSchema = z.strictObject({
  length: lengthSchema.default(defaults.length).meta({ description: 'm: vectors per prompt.' }),
  anchors: anchorCountSchema
    .default('all')
    .meta({ description: 'k: how many of the shared words are anchors, the first by rank.' }),
  mask: maskSettingsSchema.default(defaults.mask),
  centre: centreSchema.default('none').meta({
    description: 'Whether the mean of the anchors is taken out before Eq. 3 and put back; none: the paper’s.'
  }),
  rescale: rescaleSchema.default(defaults.rescale)
})
/** One value of everything that can be varied. */
export type ExperimentSettings = z.output<typeof settingsSchema>

const settingsChangeSchema = z.strictObject({
  length: lengthSchema.optional(),
  anchors: anchorCountSchema.optional(),
  mask: maskSettingsSchema.optional(),
  centre: centreSchema.optional(),
  rescale: rescaleSchema.optional()
})

const varySchema = z.strictObject({
  length: distinct(lengthSchema).optional(),
  anchors: distinct(anchorCountSchema).optional(),
  mask: distinct(maskSettingsSchema).optional(),
  centre: distinct(centreSchema).optional(),
  rescale: distinct(rescaleSchema).optional()
})

/** One model, several of equal weight, or models with their weights. */
const sourceSetSchema = z.union([
  nameSchema,
  distinct(nameSchema),
  z.record(nameSchema, z.number().positive())
])

const sourcesSchema = z.union([
  z
    .enum(['each', 'pairs', 'subsets'])
    .meta({ description: 'Of the experiment’s sources: one by one, two by two, all sets.' }),
  z.array(sourceSetSchema).min(1)
])

/** The tables and figures of the paper that a section is set beside. */
export const paperParts = [
  'table-1',
  'table-2',
  'table-3',
  'table-5',
  'table-6',
  'figure-2',
  'figure-3',
  'figure-4a',
  'figure-4b'
] as const
export type PaperPart = (typeof paperParts)[number]

const sectionSchema = z.strictObject({
  name: nameSchema,
  title: z.string().optional(),
  shows: z
    .enum(paperParts)
    .nullable()
    .default(null)
    .meta({ description: 'The part of the paper that it repeats.' }),
  methods: distinct(nameSchema),
  tasks: distinct(nameSchema).optional().meta({ description: 'Names of tasks; all where not given.' }),
  targets: distinct(nameSchema).optional().meta({ description: 'Instead of the experiment’s targets.' }),
  sources: sourcesSchema.default('each'),
  includeSelfTransfer: z
    .boolean()
    .default(true)
    .meta({ description: 'Whether a model that is among the sources is a target of them too.' }),
  seeds: distinct(z.int()).optional(),
  settings: settingsChangeSchema.default({}),
  vary: varySchema.default({})
})
export type Section = z.output<typeof sectionSchema>

export const metricNames = ['accuracy', 'precisionAt10', 'meanReciprocalRank'] as const

export const experimentFileSchema = z
  .strictObject({
    name: z.string().min(1),
    models: z.record(nameSchema, z.union([z.string().min(1), modelSchema])),
    sources: distinct(nameSchema).meta({ description: 'Models whose prompts are transferred.' }),
    targets: distinct(nameSchema).meta({ description: 'Models that prompts are transferred to.' }),
    tasks: z.record(nameSchema, taskSetSchema),
    prompts: promptsSchema.prefault({}),
    anchors: anchorsSchema.prefault({}),
    methods: z.record(nameSchema, methodSchema),
    settings: settingsSchema.prefault({}).meta({ description: 'Where a section says nothing else.' }),
    seeds: distinct(z.int())
      .default([defaults.seed])
      .meta({ description: 'Of tuning, random vectors and searches.' }),
    metrics: distinct(z.enum(metricNames))
      .default(['accuracy'])
      .meta({ description: 'What the report shows.' }),
    device: z.string().default('auto'),
    sections: z.array(sectionSchema).min(1)
  })
  .meta({ title: 'Anchorage experiment' })
export type ExperimentFile = z.output<typeof experimentFileSchema>
export type TaskSet = ExperimentFile['tasks'][string]

/** The JSON Schema of the file, for editors. */
export function experimentJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(experimentFileSchema, { io: 'input', target: 'draft-7' })
}
