/** What a project holds, as forms choose from it. */
import type { AnchorSetSummary } from '#preload/contract/anchor-methods.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'

export type Lists = {
  readonly models: readonly ModelEntry[]
  readonly prompts: readonly PromptSummary[]
  readonly sets: readonly AnchorSetSummary[]
  readonly tasks: readonly TaskEntry[]
}
