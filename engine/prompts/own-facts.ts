/**
 * What our own JSON and safetensors exports say of a prompt beside its numbers, so that nothing is lost when
 * they are read again: one flat record of strings, as safetensors' metadata asks for.
 */
import { z } from 'zod'
import { type Prompt, promptPositionSchema } from '#engine/common/contract/prompts.ts'
import { type PromptFacts, unknownFacts } from './prompt-format.ts'

/** The facts of a prompt that are known, in the names of the files. */
export function writeFacts(prompt: Prompt): Record<string, string> {
  const facts: Record<string, string | null> = {
    name: prompt.name,
    model: prompt.model.name,
    table_fingerprint: prompt.model.tableFingerprint,
    task: prompt.task,
    relation: prompt.relation,
    position: prompt.position,
    template: prompt.template
  }
  const known = Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries(known)
}

const text = z.string().nullable().catch(null)
const factsSchema = z.object({
  name: text,
  model: text,
  table_fingerprint: text,
  task: text,
  relation: text,
  position: promptPositionSchema.catch('unknown'),
  template: text
})

/** The inverse of {@link writeFacts}; whatever else stands there, or in another form, is not ours and left alone. */
export function readFacts(record: unknown): PromptFacts {
  const result = factsSchema.safeParse(record)
  if (!result.success) return unknownFacts
  const { model, table_fingerprint: tableFingerprint, ...facts } = result.data
  return { ...facts, modelName: model, tableFingerprint }
}
