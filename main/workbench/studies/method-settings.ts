/** The ways of prompting a target that a study compares, with their settings. */
import { z } from 'zod'
import { defaultRidge } from '../../../engine/contract/transfer.ts'

const exactSchema = z
  .strictObject({
    kind: z.literal('exact'),
    ridge: z.number().nonnegative().default(defaultRidge).meta({ description: 'λ; 0: the optimum of Eq. 7.' })
  })
  .meta({ description: 'The method by its exact search.' })

const adamSchema = z
  .strictObject({
    kind: z.literal('adam'),
    steps: z.int().positive().default(2000),
    learningRate: z.number().positive().default(5e-3),
    selection: z.enum(['last', 'lowest-loss', 'validation']).default('lowest-loss').meta({
      description: 'Which step is the result; validation on the target’s dev split is not zero-shot.'
    }),
    snapshotEvery: z.int().positive().nullable().default(null).meta({
      description: 'Ask the dev split at every so many steps: accuracy along the search (Figure 2).'
    })
  })
  .refine(({ selection, snapshotEvery }) => selection !== 'validation' || snapshotEvery !== null, {
    error: 'selection by validation needs snapshotEvery, the steps to choose among'
  })
  .meta({ description: 'The method by the paper’s search.' })

const randomSchema = z
  .strictObject({ kind: z.literal('random') })
  .meta({ description: 'Vectors from a normal fitted to the target’s table.' })

const manualSchema = z
  .strictObject({ kind: z.literal('manual') })
  .meta({ description: 'The task’s manual template.' })

const directTuningSchema = z
  .strictObject({ kind: z.literal('direct-tuning') })
  .meta({ description: 'A prompt tuned on the target itself: the upper bound.' })

export const methodSchema = z.discriminatedUnion('kind', [
  exactSchema,
  adamSchema,
  randomSchema,
  manualSchema,
  directTuningSchema
])
export type MethodSettings = z.output<typeof methodSchema>

/** Which settings of a study make a difference to a method; a cell does not depend on the others. */
export type WhatCounts = {
  /** `one-as-wide`: one source of the target's width. */
  readonly sources: 'none' | 'one' | 'one-as-wide' | 'any'
  /** Prompt length, and with it the seed, which draws the vectors or their start. */
  readonly length: boolean
  readonly anchors: boolean
  readonly mask: boolean
  readonly rescale: boolean
}

const nothing: WhatCounts = { sources: 'none', length: false, anchors: false, mask: false, rescale: false }

export function whatCounts({ kind }: MethodSettings): WhatCounts {
  switch (kind) {
    case 'manual':
      return nothing
    case 'random':
    case 'direct-tuning':
      return { ...nothing, length: true }
    case 'exact':
    case 'adam':
      return { sources: 'any', length: true, anchors: true, mask: true, rescale: true }
  }
}

/** Whether a method draws random numbers itself, beside those that its prompts were tuned with. */
export function drawsNumbers({ kind }: MethodSettings): boolean {
  switch (kind) {
    case 'random':
    case 'adam':
      return true
    case 'exact':
    case 'manual':
    case 'direct-tuning':
      return false
  }
}
