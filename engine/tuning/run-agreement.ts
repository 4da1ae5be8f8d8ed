/** Serves `tuning.agreement`: how often prompts of the target answer inputs without labels as the sources do together. */
import type { AgreementRequest, AgreementResult } from '#engine/common/contract/refinement.ts'
import type { Provider } from '#engine/devices/session.ts'
import { readTask } from '#engine/evaluation/read-task.ts'
import { makeReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { askTeachers } from './ask-teachers.ts'
import type { CallContext } from './run-tuning.ts'
import { answerInputs, combineAnswers } from './teacher-answers.ts'

/** An input that the target can't be asked counts as no agreement. @throws as {@link askTeachers} does */
export async function runAgreement(
  request: AgreementRequest,
  device: Provider,
  context: CallContext
): Promise<AgreementResult> {
  const { conditions, model: reference } = request
  const { signal, progress } = context
  const task = await readTask(request.task)
  const { words, answers } = await askTeachers(task, request, device, context)
  const expected = new Map(answers.map(({ id, label }) => [id, label]))
  const inputs = answers.map(({ id, input }) => ({ id, input }))
  const lease = await leaseLanguageModel(reference, device, signal)
  try {
    const agreement: number[] = []
    for (const [done, condition] of conditions.entries()) {
      progress({ done, total: conditions.length, label: `asking the target in ${reference.folder}` })
      const ready = makeReadyCondition(condition, task, lease.value)
      const probabilities = await answerInputs(lease.value, ready, inputs, words, signal)
      const own = combineAnswers(inputs, words, [{ probabilities, weight: 1 }])
      agreement.push(own.filter(({ id, label }) => expected.get(id) === label).length / inputs.length)
    }
    return { agreement, inputs: inputs.length, candidates: words.length }
  } finally {
    await lease.release()
  }
}
