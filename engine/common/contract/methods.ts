/** The ways of prompting a target that an experiment compares, with their settings. */
import { z } from 'zod'
import { type BaselineMethod, baselineMethodSchema } from './baselines.ts'
import { refinementRequestSchema, refinementSettingsSchema } from './refinement.ts'
import { defaultRidge, rescaleAfterSchema, searchSettingsSchema } from './transfer.ts'

type Choosing = { readonly selection: string; readonly snapshotEvery: number | null }

function choosesAmongSnapshots({ selection, snapshotEvery }: Choosing): boolean {
  return selection !== 'validation' || snapshotEvery !== null
}

const validationNeedsSnapshots = {
  error: 'selection by validation needs snapshotEvery, the steps to choose among'
}

const exactSchema = z
  .strictObject({
    kind: z.literal('exact'),
    ridge: z.number().nonnegative().default(defaultRidge).meta({ description: 'λ; 0: the optimum of Eq. 7.' })
  })
  .meta({ description: 'The method by its exact search.' })

const [, adamSettingsSchema] = searchSettingsSchema.options

const adamSchema = z
  .strictObject({
    ...adamSettingsSchema.pick({ kind: true, steps: true, learningRate: true }).shape,
    selection: z.enum(['last', 'lowest-loss', 'validation']).default('lowest-loss').meta({
      description: 'Which step is the result; validation on the target’s dev split is not zero-shot.'
    }),
    snapshotEvery: z.int().positive().nullable().default(null).meta({
      description: 'Ask the dev split at every so many steps: accuracy along the search (Figure 2).'
    })
  })
  .refine(choosesAmongSnapshots, validationNeedsSnapshots)
  .meta({ description: 'The method by the paper’s search.' })

const randomSchema = z
  .strictObject({ kind: z.literal('random') })
  .meta({ description: 'Vectors from a normal fitted to the target’s table.' })

const manualSchema = z
  .strictObject({ kind: z.literal('manual') })
  .meta({ description: 'The task’s manual template.' })

const directTuningSchema = z
  .strictObject({
    kind: z.literal('direct-tuning'),
    labels: z.int().positive().optional().meta({
      description:
        'Only so many labelled examples, a quarter of them to choose the step; left out: both splits.'
    })
  })
  .meta({ description: 'A prompt tuned on the target itself: the upper bound.' })

const { inputs, targets, leastConfidence } = refinementRequestSchema.shape

export const refineSchema = z
  .strictObject({
    kind: z.literal('refine'),
    start: z.enum(['transferred', 'manual', 'random']).default('transferred').meta({
      description:
        'The sources’ prompts transferred by the exact search, the tokens of the manual template, or random.'
    }),
    ridge: z.number().nonnegative().default(defaultRidge).meta({ description: 'λ of a transferred start.' }),
    teacher: z.enum(['prompts', 'manual']).default('prompts').meta({
      description: 'What the sources answer by: their own prompts, or the manual template.'
    }),
    inputs: inputs.meta({ description: 'How many inputs of the train split, without labels; null: all.' }),
    targets: targets.meta({ description: 'The sources’ best word, or their distribution.' }),
    leastConfidence,
    ...refinementSettingsSchema.shape
  })
  .meta({
    description: 'Tuned on the target with the sources’ own answers to inputs without labels: not zero-shot.'
  })
export type RefineMethod = z.output<typeof refineSchema>

const startNames: Readonly<Record<RefineMethod['start'], string>> = {
  transferred: 'from the transferred prompt',
  manual: 'from the manual template',
  random: 'from random vectors'
}

const usualRefinement = new Map<string, unknown>(Object.entries(refineSchema.parse({ kind: 'refine' })))

/** A refinement's settings in words: inputs and start, and every other one that is not as usual. */
export function describeRefine({ inputs: asked, start, ridge: _, ...others }: RefineMethod): string {
  const changed = Object.entries(others).filter(([name, value]) => usualRefinement.get(name) !== value)
  const parts = [
    `${asked ?? 'all'} inputs`,
    startNames[start],
    ...changed.map(([name, value]) => `${name} ${value}`)
  ]
  return parts.join(', ')
}

const [
  ,
  directCopy,
  discretization,
  projector,
  leastSquares,
  ridge,
  procrustes,
  whitenedProcrustes,
  inverseRelative,
  sparseCodes
] = baselineMethodSchema.options

/** Eq. 6 is the method's own: baselines are not rescaled unless they ask for it. */
const rescale = rescaleAfterSchema.default('none')

const projectorSchema = z
  .strictObject({
    ...projector.omit({ seed: true }).shape,
    selection: z.enum(['last', 'lowest-loss', 'validation']).default('lowest-loss'),
    snapshotEvery: z.int().positive().nullable().default(null),
    rescale
  })
  .refine(choosesAmongSnapshots, validationNeedsSnapshots)
  .meta({ description: 'The neural projector of appendix A.2; the paper chooses the epoch by validation.' })

/** Each baseline as a method: its settings with what becomes of the result. */
export const baselineMethods = [
  z
    .strictObject({ ...directCopy.shape, rescale })
    .meta({ description: 'The vectors as they are (Table 1).' }),
  z.strictObject({ ...discretization.shape, rescale }).meta({ description: 'The nearest words (Table 3).' }),
  projectorSchema,
  z
    .strictObject({ ...leastSquares.shape, rescale })
    .meta({ description: 'A linear map fitted to the anchors.' }),
  z.strictObject({ ...ridge.shape, rescale }).meta({ description: 'The same with a ridge.' }),
  z.strictObject({ ...procrustes.shape, rescale }).meta({ description: 'An orthogonal map.' }),
  z
    .strictObject({ ...whitenedProcrustes.shape, rescale })
    .meta({ description: 'An orthogonal map between whitened anchors.' }),
  z
    .strictObject({ ...inverseRelative.shape, rescale })
    .meta({ description: 'The relative code led back by the pseudo-inverse.' }),
  z
    .strictObject({ ...sparseCodes.shape, rescale })
    .meta({ description: 'Each vector as a sum of few anchors.' })
] as const

/** What transfers prompts from sources to a target: the method by one of its searches, and the baselines. */
export const transferMethodSchema = z.discriminatedUnion('kind', [
  exactSchema,
  adamSchema,
  ...baselineMethods
])
export type TransferMethod = z.output<typeof transferMethodSchema>

export const methodSchema = z.discriminatedUnion('kind', [
  exactSchema,
  adamSchema,
  randomSchema,
  manualSchema,
  directTuningSchema,
  refineSchema,
  ...baselineMethods
])
export type MethodSettings = z.output<typeof methodSchema>

/** A prompt as it is, on whichever model: imported, or found elsewhere. */
const promptAsItIsSchema = z.strictObject({ kind: z.literal('prompt') })

/** The method of any run: those of an experiment file, and prompts that are evaluated as they are. */
export const runMethodSchema = z.discriminatedUnion('kind', [...methodSchema.options, promptAsItIsSchema])
export type RunMethod = z.output<typeof runMethodSchema>

/** Which settings of an experiment make a difference to a method; a cell does not depend on the others. */
export type WhatCounts = {
  /** `as-wide`: sources of the target's width alone. */
  readonly sources: 'none' | 'any' | 'as-wide'
  /** Prompt length, and with it the seed, which draws the vectors or their start. */
  readonly length: boolean
  readonly anchors: boolean
  readonly mask: boolean
  readonly rescale: boolean
}

const none: WhatCounts = { sources: 'none', length: false, anchors: false, mask: false, rescale: false }
const relative: WhatCounts = { sources: 'any', length: true, anchors: true, mask: true, rescale: true }
const fitted: WhatCounts = { ...none, sources: 'any', length: true, anchors: true }

/** Every method by its kind; a new one is its settings above and one line here. */
const methods: Readonly<Record<MethodSettings['kind'], WhatCounts>> = {
  exact: relative,
  adam: relative,
  'direct-copy': { ...none, sources: 'as-wide', length: true },
  discretization: { ...none, sources: 'any', length: true },
  projector: fitted,
  'least-squares': fitted,
  ridge: fitted,
  procrustes: fitted,
  'whitened-procrustes': fitted,
  'inverse-relative': fitted,
  'sparse-codes': fitted,
  random: { ...none, length: true },
  manual: none,
  'direct-tuning': { ...none, length: true },
  refine: relative
}

/** A method as far as it decides what counts for it. */
type Counted = { readonly kind: MethodSettings['kind']; readonly start?: RefineMethod['start'] }

export function whatCounts({ kind, start = 'transferred' }: Counted): WhatCounts {
  // The prompts of the sources answer, wherever the prompt of the target starts.
  return start === 'transferred' ? methods[kind] : { ...none, sources: 'any', length: true }
}

/** Whether a method draws random numbers itself, beside those that its prompts were tuned with. */
export function drawsNumbers({ kind }: Pick<RunMethod, 'kind'>): boolean {
  return kind === 'random' || kind === 'adam' || kind === 'projector' || kind === 'refine'
}

/** A way of transferring that the method is compared with. */
export type BaselineSettings = z.output<(typeof baselineMethods)[number]>

/** Narrows any union of methods to its baselines. */
export function isBaseline<M extends { readonly kind: string }>(
  method: M
): method is Extract<M, { kind: BaselineSettings['kind'] }> {
  return baselineMethods.some(({ shape }) => shape.kind.value === method.kind)
}

/** The baseline as the engine is asked for it. */
export function baselineRequested(
  { rescale: _, ...settings }: BaselineSettings,
  seed: number
): BaselineMethod {
  if (settings.kind !== 'projector') return settings
  const { selection, snapshotEvery, ...rest } = settings
  return {
    ...rest,
    seed,
    // Which of the snapshots it is by validation, their answers on the dev split decide.
    selection: selection === 'validation' ? 'last' : selection,
    snapshotEvery: snapshotEvery ?? undefined
  }
}
