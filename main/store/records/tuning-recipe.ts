/** What a tuned prompt is known by before it is tuned: the hash of everything that makes it. */
import type { ModelIdentity, TuningRecord } from '#engine/common/contract/runs.ts'
import { hashContent } from './row.ts'

/**
 * SHA-256 of how a prompt is tuned.
 * @param template as it was asked for; null: the usual one
 */
export function tuningRecipe(
  model: ModelIdentity['fingerprint'],
  {
    task,
    start,
    settings,
    seed,
    labels = null
  }: Pick<TuningRecord, 'start' | 'settings' | 'seed'> & {
    readonly task: { readonly sha256: string }
    /** Only so many labelled examples; null: all. */
    readonly labels?: number | null
  },
  template: string | null
): string {
  const inputs = { model, task: task.sha256, seed, settings, ...(labels === null ? {} : { labels }) }
  return hashContent(
    start.kind === 'random' && template === null
      ? { ...inputs, length: start.vectors }
      : { ...inputs, start, template }
  )
}
