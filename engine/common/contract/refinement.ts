/**
 * Refinement: a prompt tuned on the target with the sources' own answers to inputs without labels. What is asked, what
 * comes back.
 */
import { z } from 'zod'
import { evaluatedConditionSchema } from './evaluation.ts'
import { modelReferenceSchema } from './models.ts'
import { taskSourceSchema } from './tasks.ts'
import { tuningResultSchema, tuningSettingsSchema, tuningStartSchema } from './tuning.ts'

const { epochs, validationsPerEpoch } = tuningSettingsSchema.shape

/** The recipe of tuning, for few inputs: fifty epochs of them are some fifty steps. */
export const refinementSettingsSchema = tuningSettingsSchema.extend({
  epochs: epochs.default(50),
  validationsPerEpoch: validationsPerEpoch.default(1)
})

/** Who answers inputs without labels, which, and for whom. */
const teachingSchema = z.object({
  /** Source models, each with what it answers by: its own prompt, or the manual template. */
  teachers: z
    .array(
      z.object({
        model: modelReferenceSchema,
        condition: evaluatedConditionSchema,
        weight: z.number().positive().default(1)
      })
    )
    .min(1),
  /** The target. */
  model: modelReferenceSchema,
  /** For its template and its candidate words; without a file of inputs they are taken from its train split. Labels are never looked at. */
  task: taskSourceSchema,
  /** Inputs of the task, one a line. */
  inputsFile: z.string().nullable().default(null),
  /** How many inputs are asked of the teachers; null: all. */
  inputs: z.int().positive().nullable().default(16),
  /** Which inputs are drawn, and their order. */
  seed: z.int(),
  device: z.string().default('auto')
})
export type TeachingRequest = z.output<typeof teachingSchema>

export const refinementRequestSchema = teachingSchema.extend({
  start: tuningStartSchema,
  /** As for tuning. */
  template: z.string().nullable().default(null),
  /** Inputs whose answer has a lower probability do not count. */
  leastConfidence: z.number().min(0).max(1).default(0),
  /** `hard`: the most probable word in place of the label; `soft`: the distribution over the words that all models share. */
  targets: z.enum(['hard', 'soft']).default('hard'),
  settings: refinementSettingsSchema.prefault({})
})
export type RefinementRequest = z.output<typeof refinementRequestSchema>

/** `validation` is here the step that agrees best with the teachers on the held-out inputs. */
export const refinementResultSchema = tuningResultSchema.omit({ examples: true }).extend({
  teaching: z.object({
    /** Inputs asked, without labels. */
    inputs: z.int(),
    /** Of these, tuned on and held out to choose the step by; the others were not confident enough or could not be asked. */
    trained: z.int(),
    heldOut: z.int(),
    /** Words that are one token in every model. */
    candidates: z.int(),
    /** Mean probability of the answers among the candidates. */
    confidence: z.number()
  })
})
export type RefinementResult = z.infer<typeof refinementResultSchema>

/** How well prompts of the target agree with what the sources answer together: by that sources are chosen without labels. */
export const agreementRequestSchema = teachingSchema.extend({
  /** Prompts of the target. */
  conditions: z.array(evaluatedConditionSchema).min(1)
})
export type AgreementRequest = z.output<typeof agreementRequestSchema>

export const agreementResultSchema = z.object({
  /** Per condition the share of inputs, 0 to 1, to which its best word is that of the sources. */
  agreement: z.array(z.number()),
  /** Inputs that every source could be asked, and words that are one token in every model. */
  inputs: z.int(),
  candidates: z.int()
})
export type AgreementResult = z.infer<typeof agreementResultSchema>

/** Of more sources there are too many sets to ask the target with each. */
export const mostSuggestible = 6

/** Sets of sources by how well they agree with all of them; best first. */
export const suggestedSourcesSchema = z.object({
  /** Inputs that every source could be asked. */
  inputs: z.int(),
  sets: z.array(
    z.object({
      /** Places in the list of sources. */
      sources: z.array(z.int()),
      /** The share of inputs, 0 to 1, that the target answers as all sources together. */
      agreement: z.number()
    })
  )
})
export type SuggestedSources = z.infer<typeof suggestedSourcesSchema>

/** `no labels; 16 unlabelled inputs; 50 steps on the target`: what a refined prompt is recorded and shown as. */
export function describeCost(inputs: number, steps: number): string {
  const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`
  return `no labels; ${counted(inputs, 'unlabelled input')}; ${counted(steps, 'step')} on the target`
}
