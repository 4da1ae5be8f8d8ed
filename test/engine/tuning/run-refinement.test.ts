/** Refinement: by the teachers' answers alone, which are checked against an evaluation of the same prompts. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { evaluationRequestSchema } from '#engine/common/contract/evaluation.ts'
import {
  agreementRequestSchema,
  describeCost,
  refinementRequestSchema
} from '#engine/common/contract/refinement.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { openModel } from '#engine/models/open-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { runAgreement } from '#engine/tuning/run-agreement.ts'
import { runRefinement } from '#engine/tuning/run-refinement.ts'
import { combineAnswers, sharedWords } from '#engine/tuning/teacher-answers.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

type Request = z.input<typeof refinementRequestSchema>

const folder = (family: string) => ({ folder: referenceModelFolder(family) })
const context = { signal: new AbortController().signal, progress: () => {} }

async function teacherOf(family: string, seed: number, weight = 1): Promise<Request['teachers'][number]> {
  const { report } = await openModel(folder(family))
  const condition = { kind: 'prompt', name: family, vectors: randomVectors(3, seed, report) } as const
  return { model: folder(family), condition, weight }
}

function promptOf({ condition }: Request['teachers'][number]) {
  if (condition.kind !== 'prompt') throw new Error('a prompt is needed')
  return condition
}

/** @param obj the label of every example */
async function taskOf(obj?: string): Promise<Request['task']> {
  const facts = wordFacts().map((fact) => (obj === undefined ? fact : { ...fact, obj }))
  const { folder: relation, commonVocabulary } = await wordRelation({ train: facts, dev: facts })
  return { kind: 'relation', folder: relation, commonVocabulary }
}

async function refine(changes: Partial<Request> = {}) {
  const request = {
    teachers: [await teacherOf('bert', 1), await teacherOf('gpt2', 2, 3)],
    model: folder('roberta'),
    task: await taskOf(),
    start: { kind: 'random', vectors: 3 } as const,
    settings: { epochs: 12, learningRate: 0.05, validationsPerEpoch: 1 },
    seed: 4,
    ...changes
  }
  return await runRefinement(refinementRequestSchema.parse(request), 'cpu', context)
}

describe('refinement', () => {
  it('never looks at labels: wrong ones give the same prompt', async () => {
    const right = await refine()
    const wrong = await refine({ task: await taskOf('japan') })
    expect(wrong.prompt).toEqual(right.prompt)
    expect(wrong.teaching).toEqual(right.teaching)
    expect(wrong.validations).toEqual(right.validations)
  })

  it('learns what the teacher answers, and holds a quarter of the inputs out', async () => {
    const { teaching, loss, validations, selection } = await refine()
    expect(teaching).toMatchObject({ inputs: 12, trained: 9, heldOut: 3, candidates: 6 })
    expect(loss).toHaveLength(12)
    expect(loss[11]).toBeLessThan(loss[0])
    expect(selection).toBe('validation')
    expect(validations).toHaveLength(13)
    expect(describeCost(teaching.inputs, loss.length)).toBe(
      'no labels; 12 unlabelled inputs; 12 steps on the target'
    )
  })

  it('has the answers and the confidence of an evaluation of the teacher', async () => {
    const teacher = await teacherOf('roberta', 5)
    const task = await taskOf()
    const { vectors } = promptOf(teacher)
    const { teaching, validations } = await refine({
      teachers: [teacher],
      task,
      start: { kind: 'prompt', vectors }
    })
    const evaluated = await runEvaluation(
      evaluationRequestSchema.parse({
        model: teacher.model,
        task,
        split: 'train',
        conditions: [teacher.condition]
      }),
      'cpu',
      context
    )
    const best = evaluated.conditions[0].predictions.map(({ top }) => top[0].probability)
    expect(teaching.confidence).toBeCloseTo(
      best.reduce((sum, one) => sum + one / best.length, 0),
      5
    )
    // The target is the teacher, with its prompt: it agrees with itself before the first step.
    expect(validations[0]).toEqual({ step: 0, accuracy: 1, meanReciprocalRank: 1 })
  })

  it('goes on where the start agrees already: of equally good steps that of the lowest loss is kept', async () => {
    const teacher = await teacherOf('roberta', 5)
    const { vectors } = promptOf(teacher)
    const settings = { epochs: 6, learningRate: 0.003, validationsPerEpoch: 1 }
    const { validations, chosenStep, selection, prompt } = await refine({
      teachers: [teacher],
      start: { kind: 'prompt', vectors },
      settings
    })
    expect(validations).toEqual(validations.map(({ step }) => ({ step, accuracy: 1, meanReciprocalRank: 1 })))
    expect(selection).toBe('validation')
    expect(chosenStep).toBeGreaterThan(0)
    expect(prompt).not.toEqual(vectors)
  })

  it('takes as many inputs as are wanted, and too few to hold some out are all tuned on', async () => {
    const { teaching, selection } = await refine({ inputs: 5 })
    expect(teaching).toMatchObject({ inputs: 5, trained: 5, heldOut: 0 })
    expect(selection).toBe('last')
  })

  it('learns the distribution too, which is another loss of the same inputs', async () => {
    const [hard, soft] = [await refine(), await refine({ targets: 'soft' })]
    expect(soft.teaching).toEqual(hard.teaching)
    expect(soft.loss[11]).toBeLessThan(soft.loss[0])
    expect(soft.loss).not.toEqual(hard.loss)
    // No prompt is nearer to a distribution than its entropy: the loss stays above it.
    expect(Math.min(...soft.loss)).toBeGreaterThan(0.5)
  })

  it('takes inputs from a file in place of the train split: the same ones give the same prompt', async () => {
    const task = await taskOf()
    const file = join(await temporaryFolder(), 'inputs.txt')
    const subjects = wordFacts().map(({ sub }) => sub)
    await writeFile(file, `${subjects.join('\n')}\n\n`)
    const fromFile = await refine({ task, inputsFile: file })
    expect(fromFile.teaching.inputs).toBe(new Set(subjects).size)
    expect(fromFile.prompt).toEqual((await refine({ task })).prompt)
  })

  it('refuses where no answer is confident enough, and tasks without candidates', async () => {
    await expect(refine({ leastConfidence: 1 })).rejects.toMatchObject({
      code: 'bad-argument',
      detail: { where: 'leastConfidence', found: expect.stringMatching(/at most$/) }
    })
    const { folder: relation } = await wordRelation()
    await expect(refine({ task: { kind: 'relation', folder: relation } })).rejects.toMatchObject({
      code: 'needs-choice'
    })
  })
})

describe('agreement', () => {
  it('is that of evaluated prompts with the best words of the teachers, whatever the labels are', async () => {
    const teachers = [await teacherOf('bert', 1), await teacherOf('gpt2', 2, 3)]
    const own = promptOf(await teacherOf('roberta', 5))
    const others = promptOf(await teacherOf('roberta', 6))
    const ask = async (task: Request['task']) =>
      await runAgreement(
        agreementRequestSchema.parse({
          teachers,
          model: folder('roberta'),
          task,
          conditions: [own, others],
          inputs: null,
          seed: 1
        }),
        'cpu',
        context
      )
    const found = await ask(await taskOf())
    expect(found).toMatchObject({ inputs: 12, candidates: 6 })
    expect(await ask(await taskOf('japan'))).toEqual(found)
    // Of one teacher that is the target itself with the first of the prompts, that one agrees with itself.
    const itself = agreementRequestSchema.parse({
      teachers: [{ model: folder('roberta'), condition: own }],
      model: folder('roberta'),
      task: await taskOf(),
      conditions: [own, others],
      inputs: null,
      seed: 1
    })
    const { agreement } = await runAgreement(itself, 'cpu', context)
    const { conditions } = await runEvaluation(
      evaluationRequestSchema.parse({
        model: folder('roberta'),
        task: await taskOf(),
        split: 'train',
        conditions: [own, others]
      }),
      'cpu',
      context
    )
    const [first, second] = conditions.map(({ predictions }) => predictions.map(({ top }) => top[0].word))
    const same = first.filter((word, index) => word === second[index]).length
    expect(agreement).toEqual([1, same / first.length])
  })
})

describe('answers', () => {
  const inputs = ['a', 'b', 'c'].map((id) => ({ id, input: id }))
  const words = ['x', 'y']
  const of = (...data: number[]) => ({ rows: 3, columns: 2, data: Float32Array.from(data) })

  it('are the most probable word of the weighted mean, of inputs that every teacher was asked', () => {
    const teachers = [
      { probabilities: of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75), weight: 1 },
      { probabilities: of(0.25, 0.75, 1, 0, 0, 0), weight: 3 }
    ]
    expect(combineAnswers(inputs, words, teachers)).toEqual([
      { id: 'a', input: 'a', label: 'y', confidence: 0.625, distribution: Float32Array.of(0.375, 0.625) },
      { id: 'b', input: 'b', label: 'x', confidence: 0.875, distribution: Float32Array.of(0.875, 0.125) }
    ])
  })

  it('are among the words that are one token of their own in every model', async () => {
    const tokenizers = []
    for (const family of ['bert', 'roberta']) tokenizers.push((await openModel(folder(family))).tokenizer)
    expect(sharedWords(['france', 'antidisestablishment', 'japan', 'france'], tokenizers)).toEqual([
      'france',
      'japan'
    ])
  })
})
