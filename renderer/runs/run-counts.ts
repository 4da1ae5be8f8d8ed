/** How much a figure is of: runs, relations and examples. */
import { countsSentence } from '#engine/common/format/counts-sentence.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'

/**
 * `N: 44 runs of 22 relations with 660 examples.` An example that several runs were asked is one; of runs without relation or
 * answers these are left out.
 */
export function countsText(runs: readonly RunEntry[]): string {
  const relations = new Set<string>()
  const examples = new Map<string, number>()
  for (const { relation, task, split, scores } of runs) {
    if (relation !== null) relations.add(relation)
    if (scores === null) continue
    const key = JSON.stringify([relation, task, split])
    examples.set(key, Math.max(examples.get(key) ?? 0, scores.examples))
  }
  return countsSentence({
    runs: runs.length,
    tasks: relations.size,
    task: 'relation',
    examples: [...examples.values()].reduce((sum, one) => sum + one, 0)
  })
}
