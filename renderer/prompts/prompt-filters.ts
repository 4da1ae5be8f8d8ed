/** Which prompts are looked at: by words, model, relation and where they come from. */
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'

export type PromptFilters = {
  readonly text: string
  readonly model: string | null
  readonly relation: string | null
  readonly origin: string | null
}

export const noFilters: PromptFilters = { text: '', model: null, relation: null, origin: null }

export const origins: Record<PromptSummary['origin'], string> = {
  file: 'imported',
  run: 'found by a run',
  tuning: 'tuned here'
}

/** Whether a text has the words that are looked for. */
export function holdsText(searched: string, { text }: PromptFilters): boolean {
  return searched.toLowerCase().includes(text.trim().toLowerCase())
}

export function passes(prompt: PromptSummary, filters: PromptFilters): boolean {
  const { model, relation, origin } = filters
  const searched = `${prompt.name} ${prompt.relation ?? ''} ${prompt.task ?? ''} ${prompt.model.name ?? ''}`
  return (
    (model === null || prompt.model.name === model) &&
    (relation === null || prompt.relation === relation) &&
    (origin === null || prompt.origin === origin) &&
    holdsText(searched, filters)
  )
}
