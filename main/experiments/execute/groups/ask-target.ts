/** Asks a target with many prompts, in passes of a bounded number of answers. */
import type { EvaluatedCondition, EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { SplitName } from '#engine/common/contract/tasks.ts'
import type { EvaluatedGroup } from '#main/experiments/plan/experiment-plan.ts'
import type { GroupContext } from './group-context.ts'

/** Answers travel with their ten best words: so many at once are some megabytes. */
const answersAtOnce = 20_000

export type Asked = EvaluationResult['conditions'][number] &
  Pick<EvaluationResult, 'device' | 'candidates'> & { readonly evaluationSeconds: number }

/** What each condition of one pass was answered. */
export function answersOf({ conditions, device, candidates, seconds }: EvaluationResult): Asked[] {
  const evaluationSeconds = seconds / conditions.length
  return conditions.map((one) => ({ ...one, device, candidates, evaluationSeconds }))
}

/**
 * What the target answers on a split, condition by condition, in their order.
 * @param limit only the first so many examples; null: all
 */
export async function askTarget(
  { target, task, device, evaluation }: Pick<EvaluatedGroup, 'target' | 'task' | 'device' | 'evaluation'>,
  { split, limit }: { readonly split: SplitName; readonly limit: number | null },
  conditions: readonly EvaluatedCondition[],
  { engine, signal, onProgress }: Pick<GroupContext, 'engine' | 'signal' | 'onProgress'>
): Promise<Asked[]> {
  const { rankWithin } = evaluation
  const examples = Math.max(1, Math.min(task.examples[split], limit ?? task.examples[split]))
  const atOnce = Math.max(1, Math.floor(answersAtOnce / examples))
  const asked: Asked[] = []
  for (let start = 0; start < conditions.length; start += atOnce) {
    const part = conditions.slice(start, start + atOnce)
    const result = await engine.call(
      'evaluation.run',
      { model: target.reference, task: task.source, split, rankWithin, limit, conditions: part, device },
      {
        signal,
        onProgress: ({ done, total, label }) =>
          onProgress({
            done: start + (part.length * done) / Math.max(1, total),
            total: conditions.length,
            label
          })
      }
    )
    asked.push(...answersOf(result))
  }
  return asked
}
