/** A prompt in a list to choose from: its name, with what it is for where the name does not say. */
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'

export function promptLabel({ name, relation, task }: PromptSummary): string {
  const of = relation ?? task
  return of === null || name.includes(of) ? name : `${name} (${of})`
}
