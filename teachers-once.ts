/** Accuracy of the sources together on the test split: mean of their distributions over the shared candidates. */
import { readTask } from '#engine/evaluation/read-task.ts'
import { makeReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { answerInputs, combineAnswers, sharedWords } from '#engine/tuning/teacher-answers.ts'
import { readdirSync, writeFileSync } from 'node:fs'
const sample = '/tmp/wt/refine/assets/sample'
const signal = new AbortController().signal
const sources = ['bert-small', 'roberta-small']
const result: Record<string, Record<string, [number, number]>> = {}
for (const relation of readdirSync(`${sample}/tasks/relations`).sort()) {
  const task = await readTask({ kind: 'relation', folder: `${sample}/tasks/relations/${relation}`, commonVocabulary: `${sample}/tasks/common_vocabulary.txt` })
  const tokenizers = []
  for (const m of [...sources, 'bert-large']) tokenizers.push((await openModel({ folder: `${sample}/models/${m}` }, signal)).tokenizer)
  const words = sharedWords(task.candidates ?? [], tokenizers)
  for (const split of ['train', 'test'] as const) {
    const inputs = task.splits[split].map(({ id, input }) => ({ id, input }))
    const label = new Map(task.splits[split].map(({ id, label }) => [id, label]))
    for (const kind of ['prompts', 'manual']) {
      const asked = []
      for (const m of sources) {
        const lease = await leaseLanguageModel({ folder: `${sample}/models/${m}` }, 'cpu', signal)
        const condition = kind === 'manual' ? { kind: 'manual' as const, name: 'm', template: null } : { kind: 'prompt' as const, name: 'p', vectors: (await readPrompt({ path: `${sample}/prompts/${m}/${relation}`, vectors: 5 })).vectors, template: null }
        const ready = makeReadyCondition(condition, task, lease.value)
        asked.push({ weight: 1, probabilities: await answerInputs(lease.value, ready, inputs, words, signal) })
        await lease.release()
      }
      const answers = combineAnswers(inputs, words, asked)
      const right = answers.filter((one) => one.label === label.get(one.id)).length
      ;(result[relation] ??= {})[`${split} ${kind}`] = [right, inputs.length]
    }
  }
  console.log(relation, JSON.stringify(result[relation]))
}
writeFileSync('/tmp/refine-run/teachers.json', JSON.stringify(result))
process.exit(0)
