/** One relation between the two models: every prompt of it, found by calls of the engine and asked on the test facts. */
import type { Anchor } from '#engine/common/contract/anchors.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { readTask } from '#engine/evaluation/read-task.ts'
import { openModel } from '#engine/models/open-model.ts'
import { tuningStart } from '#engine/tuning/tuning-start.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { drawn, inputSeed, type RelationFacts } from './facts.ts'
import type { Answered, KeptAnswers, SentPrompt } from './kept-answers.ts'
import type { Way } from './ways.ts'

export type Pair = {
  readonly engine: EngineCalls
  readonly source: string
  readonly target: string
  readonly anchors: readonly Anchor[]
  /** `LAMA_relations.jsonl`. */
  readonly metainfo: string
  readonly kept: KeptAnswers
}

export type Sent = { readonly tuned: SentPrompt; readonly words: SentPrompt }
type Condition = EngineArguments<'evaluation.run'>['conditions'][number]

const vectors = 5
const settings = {
  learningRate: 3e-3,
  epochs: 10,
  validationsPerEpoch: 1,
  lossOver: 'candidates'
} as const
const fewEpochs = 20

function taskOf(folder: string, { answers }: RelationFacts, { metainfo }: Pair): TaskSource {
  return { kind: 'relation', folder, metainfo, commonVocabulary: answers }
}

async function ask(model: string, facts: RelationFacts, condition: Condition, pair: Pair): Promise<number[]> {
  const task = taskOf(facts.all, facts, pair)
  const { conditions } = await pair.engine.call('evaluation.run', {
    model: { folder: model },
    task,
    conditions: [condition]
  })
  return conditions[0].predictions.map(({ rank }) => (rank === 1 ? 1 : 0))
}

async function askPrompt(
  model: string,
  facts: RelationFacts,
  prompt: SentPrompt,
  pair: Pair
): Promise<Answered> {
  const right = await ask(model, facts, { kind: 'prompt', name: 'prompt', ...prompt }, pair)
  return { right, prompt }
}

/** What is sent: a prompt tuned on the source from a random start, and the words of the manual template as vectors. */
export async function askSource(relation: string, facts: RelationFacts, pair: Pair): Promise<Sent> {
  const { source, kept, engine } = pair
  const task = taskOf(facts.all, facts, pair)
  const words = await kept.once(`${relation}, words on the source`, async () => {
    const model = await openModel({ folder: source })
    const start = { start: { kind: 'manual' }, template: null, seed: 0 } as const
    const { condition } = await tuningStart(start, await readTask(task), model)
    return await askPrompt(
      source,
      facts,
      { vectors: condition.vectors, template: condition.template.source },
      pair
    )
  })
  const tuned = await kept.once(`${relation}, tuned on the source`, async () => {
    const start = { kind: 'random', vectors } as const
    const { prompt, template } = await engine.call('tuning.run', {
      model: { folder: source },
      task,
      start,
      settings,
      seed: 1
    })
    return await askPrompt(source, facts, { vectors: prompt, template }, pair)
  })
  if (words.prompt === null || tuned.prompt === null) throw new Error('prompts are kept with their answers')
  return { words: words.prompt, tuned: tuned.prompt }
}

async function transferred(
  { vectors: prompt, template }: SentPrompt,
  way: Way,
  pair: Pair
): Promise<SentPrompt> {
  const { engine, anchors, target } = pair
  const source = { model: { folder: pair.source }, weight: 1 }
  const sides = {
    target: { folder: target },
    anchors: [...anchors],
    centre: way.centre,
    rescale: way.rescale
  }
  if (way.method.by === 'transfer') {
    const { search } = way.method
    const asked = { ...sides, sources: [{ ...source, prompt }], mask: way.mask, search }
    return { vectors: (await engine.call('transfer.run', asked)).prompt, template }
  }
  const { baseline: method } = way.method
  const { prompts } = await engine.call('baselines.run', {
    ...sides,
    sources: [{ ...source, prompts: [prompt] }],
    method
  })
  return { vectors: prompts[0], template }
}

/** The two prompts by every way of transferring them, and what needs no transfer. */
export async function askTarget(
  relation: string,
  facts: RelationFacts,
  sent: Sent,
  ways: readonly Way[],
  pair: Pair
): Promise<void> {
  const { target, kept } = pair
  const references: Condition[] = [{ kind: 'manual' }, { kind: 'random', vectors, seed: 1 }]
  for (const condition of references)
    await kept.once(`${relation}, ${condition.kind}`, async () => ({
      right: await ask(target, facts, condition, pair),
      prompt: null
    }))
  for (const way of ways)
    for (const [name, prompt] of [
      ['tuned', sent.tuned],
      ['words', sent.words]
    ] as const)
      await kept.once(`${relation}, ${name}, ${way.name}`, async () =>
        askPrompt(target, facts, await transferred(prompt, way, pair), pair)
      )
}

/** Prompts tuned on the target: without labels, with as many labels, with all. */
export async function tuneOnTarget(
  relation: string,
  facts: RelationFacts,
  sent: Sent,
  start: Way,
  pair: Pair
): Promise<void> {
  const { target, kept, engine } = pair
  const model = { folder: target }
  const all = taskOf(facts.all, facts, pair)
  const random = { kind: 'random', vectors } as const
  const few = { ...settings, epochs: fewEpochs }
  const refine = async (
    teacher: SentPrompt,
    begin: Pick<EngineArguments<'tuning.refine'>, 'start' | 'template'>
  ) => {
    const condition = { kind: 'prompt', name: 'teacher', ...teacher } as const
    const teachers = [{ model: { folder: pair.source }, condition }]
    const asked = { teachers, model, task: all, ...begin, inputs: drawn.few, settings: few, seed: inputSeed }
    const { prompt, template } = await engine.call('tuning.refine', asked)
    return await askPrompt(target, facts, { vectors: prompt, template }, pair)
  }
  const tune = async (task: TaskSource, own: typeof settings | typeof few) => {
    const { prompt, template } = await engine.call('tuning.run', {
      model,
      task,
      start: random,
      settings: own,
      seed: inputSeed
    })
    return await askPrompt(target, facts, { vectors: prompt, template }, pair)
  }
  for (const [name, prompt] of [
    ['tuned', sent.tuned],
    ['words', sent.words]
  ] as const)
    await kept.once(`${relation}, ${name}, refined`, async () => {
      const { vectors: begin, template } = await transferred(prompt, start, pair)
      return await refine(prompt, { start: { kind: 'prompt', vectors: begin }, template })
    })
  await kept.once(`${relation}, few labels`, () => tune(taskOf(facts.few, facts, pair), few))
  await kept.once(`${relation}, all labels`, () => tune(all, settings))
}
