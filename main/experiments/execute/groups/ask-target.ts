/** Asks a target with many prompts, in passes of a bounded number of answers. */
import type { EvaluatedCondition, EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { SplitName } from '#engine/common/contract/tasks.ts'
import type { MeasuringGroup } from '#main/experiments/plan/experiment-plan.ts'
import type { GroupContext } from './group-context.ts'

/** Answers travel with their ten best words: so many at once are some megabytes. */
const answersAtOnce = 20_000

export type Asked = EvaluationResult['conditions'][number] &
  Pick<EvaluationResult, 'device' | 'candidates'> & { readonly evaluationSeconds: number }

/** What the target answers on a split, condition by condition, in their order. */
export async function askTarget(
  { target, task, device }: MeasuringGroup,
  split: SplitName,
  conditions: readonly EvaluatedCondition[],
  { engine, signal, onProgress }: GroupContext
): Promise<Asked[]> {
  const limit = split === 'test' ? task.limit : null
  const examples = Math.max(1, Math.min(task.examples[split], limit ?? task.examples[split]))
  const atOnce = Math.max(1, Math.floor(answersAtOnce / examples))
  const asked: Asked[] = []
  for (let start = 0; start < conditions.length; start += atOnce) {
    const part = conditions.slice(start, start + atOnce)
    const result = await engine.call(
      'evaluation.run',
      { model: target.reference, task: task.source, split, limit, conditions: part, device },
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
    const { device: used, candidates, seconds } = result
    const evaluationSeconds = seconds / part.length
    for (const one of result.conditions) asked.push({ ...one, device: used, candidates, evaluationSeconds })
  }
  return asked
}
