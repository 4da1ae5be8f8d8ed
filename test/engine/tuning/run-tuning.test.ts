/** Tuning on the reference models: that it learns, repeats itself, stops when it should, and keeps the best. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { evaluationRequestSchema } from '#engine/common/contract/evaluation.ts'
import { type TuningResult, tuningRequestSchema } from '#engine/common/contract/tuning.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { runTuning } from '#engine/tuning/run-tuning.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

type Request = z.input<typeof tuningRequestSchema>
/** Told of progress; may cancel. */
type Watch = (progress: Progress, cancel: () => void) => void

function context(watch: Watch = () => {}) {
  const controller = new AbortController()
  const cancel = () => controller.abort()
  return { signal: controller.signal, progress: (update: Progress) => watch(update, cancel) }
}

async function relationTask(splits?: Record<string, readonly object[]>): Promise<Request['task']> {
  const { folder, commonVocabulary } = await wordRelation(splits)
  return { kind: 'relation', folder, commonVocabulary }
}

function tune(family: string, request: Omit<Request, 'model'>, watch?: Watch): Promise<TuningResult> {
  const model = { folder: referenceModelFolder(family) }
  return runTuning(tuningRequestSchema.parse({ model, ...request }), 'cpu', context(watch))
}

const fast = { learningRate: 0.05, epochs: 30, batchSize: 12 }
const random = { kind: 'random', vectors: 3 } as const

describe('tuning', () => {
  it.each(referenceFamilies)('lowers the loss on %s', async (family) => {
    const { loss, validations, prompt, device } = await tune(family, {
      task: await relationTask(),
      start: random,
      settings: { ...fast, lossOver: 'candidates' },
      seed: 1
    })
    expect(loss).toHaveLength(30)
    expect(loss[29]).toBeLessThan(0.95 * loss[0])
    expect(validations.length).toBeGreaterThan(3)
    expect(prompt.rows).toBe(3)
    expect(device).toBe('cpu')
  })

  it('gives the same bits for the same seed, others for another', async () => {
    const request = { task: await relationTask(), start: random, settings: { epochs: 4, batchSize: 5 } }
    const [first, again, other] = [
      await tune('roberta', { ...request, seed: 7 }),
      await tune('roberta', { ...request, seed: 7 }),
      await tune('roberta', { ...request, seed: 8 })
    ]
    expect(again.prompt).toEqual(first.prompt)
    expect(again.loss).toEqual(first.loss)
    expect(again.validations).toEqual(first.validations)
    expect(other.prompt).not.toEqual(first.prompt)
  })

  it('goes on from another prompt, and leaves it as it is', async () => {
    const task = await relationTask()
    const settings = { ...fast, epochs: 20, warmup: 0 }
    const first = await tune('albert', { task, start: random, settings, seed: 1 })
    const vectors = { ...first.prompt, data: first.prompt.data.slice() }
    const polished = await tune('albert', { task, start: { kind: 'prompt', vectors }, settings, seed: 2 })
    expect(vectors).toEqual(first.prompt)
    expect(polished.loss[0]).toBeLessThan(first.loss[0])
    expect(polished.loss[19]).toBeLessThan(polished.loss[0])
  })

  it.each(referenceFamilies)(
    'starts on %s from the words of the manual template, and as good',
    async (family) => {
      const task = await relationTask()
      const { template, validations, notes } = await tune(family, {
        task,
        start: { kind: 'manual' },
        settings: { epochs: 1 },
        seed: 1
      })
      // A causal model does not see what stands behind the mask: a vector there would never be trained.
      const isCausal = family === 'gpt2'
      expect(template).toMatch(
        isCausal ? /^\[X\] \[V1\] \[V2\] \[MASK\]$/ : /^\[X\] \[V1\] \[V2\].* \[MASK\] \[V\d+\]/
      )
      expect(notes.some((note) => note.includes('a causal model does not see it'))).toBe(isCausal)
      const manual = await runEvaluation(
        evaluationRequestSchema.parse({
          model: { folder: referenceModelFolder(family) },
          task,
          split: 'dev',
          conditions: [{ kind: 'manual' }]
        }),
        'cpu',
        context()
      )
      const { accuracy, meanReciprocalRank } = manual.conditions[0].scores
      expect(validations[0]).toEqual({ step: 0, accuracy, meanReciprocalRank })
    }
  )

  it('says which vectors of a template a causal model does not see', async () => {
    const request = { task: await relationTask(), start: random, settings: { epochs: 1 }, seed: 1 }
    const template = '[X] [V1] [V2] [MASK] [V3]'
    const { notes } = await tune('gpt2', { ...request, template })
    expect(notes).toContainEqual(expect.stringContaining('does not see [V3] behind the mask'))
    const masked = await tune('bert', { ...request, template })
    expect(masked.notes).not.toContainEqual(expect.stringContaining('behind the mask'))
  })

  it.each([
    ['[X] [V1] [MASK]', 'words, not prompt vectors'],
    ['[X] [MASK] is there', 'no words to start vectors from']
  ])('refuses to start from the words of %s', async (template, message) => {
    const request = { task: await relationTask(), template, start: { kind: 'manual' }, seed: 1 } as const
    await expect(tune('gpt2', request)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining(message)
    })
  })

  it('refuses a manual start with vectors in its template before it opens the model', async () => {
    const request = tuningRequestSchema.parse({
      model: { folder: '/nowhere' },
      task: await relationTask(),
      template: '[X] [V1] [MASK]',
      start: { kind: 'manual' },
      seed: 1
    })
    await expect(runTuning(request, 'cpu', context())).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('keeps the vectors of the best validation', async () => {
    const result = await tune('bert', { task: await relationTask(), start: random, settings: fast, seed: 3 })
    const accuracies = result.validations.map(({ accuracy }) => accuracy)
    const chosen = result.validations.find(({ step }) => step === result.chosenStep)
    expect(result.selection).toBe('validation')
    expect(chosen?.accuracy).toBe(Math.max(...accuracies))
    const { task } = { task: await relationTask() }
    const scored = await runEvaluation(
      evaluationRequestSchema.parse({
        model: { folder: referenceModelFolder('bert') },
        task,
        split: 'dev',
        conditions: [{ kind: 'prompt', name: 'tuned', vectors: result.prompt, template: result.template }]
      }),
      'cpu',
      context()
    )
    expect(scored.conditions[0].scores.accuracy).toBe(chosen?.accuracy)
  })

  it('learns from few labels where it is asked to, a quarter of which stand in for the dev split', async () => {
    const settings = { ...fast, epochs: 2, validationsPerEpoch: 1 }
    const split = async (dev: readonly object[], labels: number) => {
      const task = await relationTask({ train: wordFacts(), dev })
      return await tune('bert', { task, start: random, settings, labels, seed: 3 })
    }
    const [few, other] = [await split(wordFacts(), 8), await split(wordFacts(2), 8)]
    expect([few.examples.train.used, few.examples.dev.used]).toEqual([6, 2])
    expect(other.prompt).toEqual(few.prompt)
    const fewer = await split(wordFacts(), 4)
    expect([fewer.examples.train.used, fewer.selection]).toEqual([4, 'last'])
  })

  it('takes the last vectors where there is no dev split', async () => {
    const task = await relationTask({ train: wordFacts() })
    const result = await tune('bert', { task, start: random, settings: { epochs: 3 }, seed: 1 })
    expect(result).toMatchObject({ selection: 'last', chosenStep: 3, validations: [] })
    expect(result.examples.dev.used).toBe(0)
  })

  it('stops early after so many validations without a better one', async () => {
    const settings = { learningRate: 1e-9, epochs: 50, batchSize: 12, patience: 4 }
    const result = await tune('bert', { task: await relationTask(), start: random, settings, seed: 1 })
    expect(result).toMatchObject({ ended: 'early-stop', chosenStep: 0 })
    expect(result.notes).toEqual([expect.stringContaining('as it was before the 4 steps')])
    expect(result.validations).toHaveLength(5)
  })

  it('cancelled in the middle, answers with the best so far', async () => {
    const result = await tune(
      'bert',
      { task: await relationTask(), start: random, settings: { ...fast, epochs: 500 }, seed: 1 },
      ({ done, values }, cancel) => {
        if (done === 6 && values?.['loss'] !== undefined) cancel()
      }
    )
    expect(result.ended).toBe('cancelled')
    expect(result.loss).toHaveLength(6)
    expect(result.validations.map(({ step }) => step)).toContain(result.chosenStep)
  })

  it('cancelled before it began, it is an error', async () => {
    const request = { task: await relationTask(), start: random, seed: 1 }
    await expect(tune('bert', request, (_, cancel) => cancel())).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('says so when the learning rate makes it diverge', async () => {
    const settings = { learningRate: 1e39, warmup: 0 }
    const request = { task: await relationTask(), start: random, settings, seed: 1 }
    await expect(tune('bert', request)).rejects.toMatchObject({
      code: 'bad-value',
      detail: { next: expect.stringContaining('smaller learning rate') }
    })
  })

  it('counts what it skips in each split, and refuses to tune on nothing', async () => {
    const odd = { sub: 'king', obj: 'Liechtenstein' }
    const stranger = { sub: 'king', obj: 'river' }
    const task = await relationTask({ train: [...wordFacts(), odd, stranger], dev: [...wordFacts(4), odd] })
    const { examples } = await tune('bert', { task, start: random, settings: { epochs: 1 }, seed: 1 })
    const none = { labelNotOneToken: 0, labelNotCandidate: 0, tooLong: 0, noEmbedding: 0 }
    expect(examples).toEqual({
      train: { used: 12, skipped: { ...none, labelNotOneToken: 1, labelNotCandidate: 1 } },
      dev: { used: 4, skipped: { ...none, labelNotOneToken: 1 } }
    })
    const nothing = { task: await relationTask({ train: [odd] }), start: random, seed: 1 }
    await expect(tune('bert', nothing)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

it('tunes on labelled texts, which it then classifies', async () => {
  const folder = await temporaryFolder()
  const texts = wordFacts().map(({ sub }, index) => `${sub}\t${index % 2}`)
  for (const split of ['train', 'dev', 'test'])
    await writeFile(join(folder, `${split}.tsv`), ['text\tlabel', ...texts].join('\n'))
  const task: Request['task'] = {
    kind: 'classification',
    name: 'halves',
    files: { train: join(folder, 'train.tsv'), dev: join(folder, 'dev.tsv'), test: join(folder, 'test.tsv') },
    labelWords: { '0': 'white', '1': 'black' }
  }
  const settings = { learningRate: 0.1, epochs: 60, batchSize: 12, lossOver: 'candidates' } as const
  const tuned = await tune('bert', { task, start: { kind: 'random', vectors: 5 }, settings, seed: 1 })
  const { conditions, candidates } = await runEvaluation(
    evaluationRequestSchema.parse({
      model: { folder: referenceModelFolder('bert') },
      task,
      conditions: [
        { kind: 'prompt', name: 'tuned', vectors: tuned.prompt, template: tuned.template },
        { kind: 'random', vectors: 5, seed: 4 }
      ]
    }),
    'cpu',
    context()
  )
  expect(candidates).toBe(2)
  const [byTuned, byRandom] = conditions.map(({ scores }) => scores)
  expect(byTuned.accuracy).toBeGreaterThan(0.7)
  expect(byTuned.accuracy).toBeGreaterThan(byRandom.accuracy)
})
