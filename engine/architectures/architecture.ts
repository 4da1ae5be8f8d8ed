/** What an architecture is: the graph of a family of models, written from the settings of `config.json`. */
import type { z } from 'zod'
import type { ModelWriter } from './model-writer.ts'
import { type ConfigFile, readSettings } from './settings.ts'

/**
 * Writes the whole model and answers with its logits `[batch, sequence, V]`.
 * @throws AnchorageError `unsupported` for a setting that no graph is written for, `not-found` for a missing weight
 */
export type Architecture = (config: ConfigFile, model: ModelWriter) => string

/** An architecture from the schema of its settings and the way its graph is written from them. */
export function architecture<Settings>(
  schema: z.ZodType<Settings>,
  write: (settings: Settings, model: ModelWriter) => string
): Architecture {
  return (config, model) => write(readSettings(schema, config), model)
}
