/**
 * `npm run sample:record`: what each model of the sample knows, measured by the evaluation that serves every model:
 * words guessed in sentences that it was not trained on, and held-out facts by the manual templates.
 */
import { readdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { averageAccuracy } from '#engine/common/contract/average-scores.ts'
import { evaluationRequestSchema } from '#engine/common/contract/evaluation.ts'
import { row } from '#engine/common/contract/matrix.ts'
import { seededUniform, type UniformSource } from '#engine/common/random/seeded-random.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { padBatch, type Question } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { sampleModels } from './training/sample-models.ts'
import { unseenSentences } from './unseen-sentences.ts'
import { readWorld } from './world/read-world.ts'

const heldOut = { seed: 4711, sentences: 500, perBatch: 50 }

/** One sentence with one word to guess: hidden behind the mask, or the next word where there is no mask. */
function question(ids: readonly number[], model: LanguageModel, uniform: UniformSource): [Question, number] {
  const { mask } = model.tokenizer.special
  const words = ids.flatMap((id, position) =>
    position > 0 && model.tokenizer.vocabulary.byId.get(id)?.kind === 'word' ? [position] : []
  )
  const position = words[Math.floor(uniform() * words.length)]
  if (mask === null) return [{ ids: ids.slice(0, position), answerPosition: position - 1 }, ids[position]]
  return [{ ids: ids.with(position, mask.id), answerPosition: position }, ids[position]]
}

/** Share of words guessed right, first try, over the whole vocabulary. */
async function wordAccuracy(model: LanguageModel, sentences: readonly string[]): Promise<number> {
  const uniform = seededUniform(heldOut.seed)
  const noPrompts = { rows: 0, columns: model.width, data: new Float32Array(0) }
  let right = 0
  for (let done = 0; done < sentences.length; done += heldOut.perBatch) {
    const asked = sentences
      .slice(done, done + heldOut.perBatch)
      .map((sentence) => question(model.tokenizer.encodeWithSpecials(sentence), model, uniform))
    const questions = asked.map(([one]) => one)
    const logits = await model.answer(padBatch(questions, model.firstVirtualToken, model.padToken), noPrompts)
    for (const [index, [, label]] of asked.entries()) {
      const answers = row(logits, index)
      if (answers.every((logit) => logit <= answers[label])) right++
    }
  }
  return right / sentences.length
}

/** Share of the held-out facts of all relations that the manual templates recall. */
async function factRecall(folder: string, tasks: string): Promise<number> {
  const context = { signal: new AbortController().signal, progress: () => {} }
  const scores = []
  for (const relation of (await readdir(join(tasks, 'relations'))).sort()) {
    const request = evaluationRequestSchema.parse({
      model: { folder },
      task: {
        kind: 'relation',
        folder: join(tasks, 'relations', relation),
        commonVocabulary: join(tasks, 'common_vocabulary.txt')
      },
      conditions: [{ kind: 'manual' }]
    })
    const { conditions } = await runEvaluation(request, 'cpu', context)
    scores.push(...conditions.map((one) => one.scores))
  }
  return averageAccuracy(scores).micro
}

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'assets/sample/models' },
    tasks: { type: 'string', default: 'assets/sample/tasks' }
  }
})
const models = resolve(values.models)
const world = await readWorld(resolve('assets/sample/world'))
const sentences = unseenSentences(world, sampleModels, heldOut.seed, heldOut.sentences)
const records = []
for (const { name, family, embedding, hidden, layers, steps } of sampleModels) {
  const folder = join(models, name)
  const lease = await leaseLanguageModel({ folder }, 'cpu')
  try {
    records.push({
      name,
      family,
      embedding,
      hidden,
      layers,
      steps,
      tokens: lease.value.tokenizer.vocabulary.tokens.length,
      bytes: (await stat(join(folder, 'onnx', 'model.onnx'))).size,
      wordAccuracy: await wordAccuracy(lease.value, sentences),
      factRecall: await factRecall(folder, resolve(values.tasks))
    })
  } finally {
    await lease.release()
  }
}
await writeFile(join(models, 'record.json'), `${JSON.stringify(records, null, 2)}\n`)
process.stdout.write(`${JSON.stringify(records, null, 2)}\n`)
