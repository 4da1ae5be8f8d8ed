/**
 * Settings of rotary positions: those that config files have had since 2025 (`rope_parameters`) and the ones before
 * (`rope_theta`, `rope_scaling`, a share of the width under several names).
 */
import { z } from 'zod'
import { size } from '../settings.ts'

const kinds = ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope', 'su'] as const
const kind = z.enum(kinds, { error: kinds.join(', ') }).optional()
const factors = z.array(z.number()).optional()

const parametersSchema = z.looseObject({
  rope_type: kind,
  /** The older name. */
  type: kind,
  rope_theta: z.number().optional(),
  partial_rotary_factor: z.number().nullish(),
  factor: z.number().nullish(),
  original_max_position_embeddings: size.nullish(),
  attention_factor: z.number().nullish(),
  low_freq_factor: z.number().optional(),
  high_freq_factor: z.number().optional(),
  beta_fast: z.number().nullish(),
  beta_slow: z.number().nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  truncate: z.boolean().optional(),
  short_factor: factors,
  long_factor: factors
})
export type RotaryParameters = z.infer<typeof parametersSchema>

/** What every family with rotary positions may say of them; to be spread into its schema. */
export const rotarySettings = {
  max_position_embeddings: size.default(2048),
  original_max_position_embeddings: size.nullish(),
  rope_theta: z.number().optional(),
  rope_scaling: parametersSchema.nullish(),
  rope_parameters: parametersSchema.nullish(),
  partial_rotary_factor: z.number().nullish()
}

/** The same where layers of the two types (`full_attention`, `sliding_attention`) have parameters of their own. */
export const rotaryByLayerType = {
  ...rotarySettings,
  rope_parameters: z
    .looseObject({
      full_attention: parametersSchema.nullish(),
      sliding_attention: parametersSchema.nullish()
    })
    .nullish()
}

/** Which layers see all tokens before them and which the last ones alone. */
export const layerTypes = z.array(z.enum(['full_attention', 'sliding_attention'])).nullish()

type Given = {
  readonly max_position_embeddings: number
  readonly original_max_position_embeddings?: number | null | undefined
  readonly rope_theta?: number | undefined
  readonly rope_scaling?: RotaryParameters | null | undefined
  readonly rope_parameters?: RotaryParameters | null | undefined
  readonly partial_rotary_factor?: number | null | undefined
}

export type Rotary = {
  readonly kind: (typeof kinds)[number]
  /** The base of the angles. */
  readonly theta: number
  /** The share of a head's width that is turned. */
  readonly share: number
  /** The length that angles are scaled from. */
  readonly originalLength: number
  readonly length: number
  readonly parameters: RotaryParameters
}

/** The rotation that settings ask for; the newer ones count where both are there. */
export function rotaryOf(given: Given, preset: { theta?: number; share?: number } = {}): Rotary {
  const parameters = given.rope_parameters ?? given.rope_scaling ?? {}
  const length = given.max_position_embeddings
  return {
    kind: parameters.rope_type ?? parameters.type ?? 'default',
    theta: parameters.rope_theta ?? given.rope_theta ?? preset.theta ?? 10_000,
    share: parameters.partial_rotary_factor ?? given.partial_rotary_factor ?? preset.share ?? 1,
    originalLength:
      parameters.original_max_position_embeddings ?? given.original_max_position_embeddings ?? length,
    length,
    parameters
  }
}
