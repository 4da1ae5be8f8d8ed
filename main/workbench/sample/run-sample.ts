/**
 * The main job on the sample: prompts tuned on two small models are carried, alone and together, to two others, and
 * every prompt is asked for the held-out facts, beside random vectors, manual templates and direct tuning.
 */
import type { AnchorSet } from '../../../engine/contract/anchors.ts'
import type { Progress } from '../../../engine/contract/engine-methods.ts'
import type { EvaluationRequest } from '../../../engine/contract/evaluation.ts'
import type { Prompt } from '../../../engine/contract/prompts.ts'
import { defaultRidge } from '../../../engine/contract/transfer.ts'
import { requireFound } from '../../store/records/row.ts'
import type { EngineCalls } from '../context.ts'
import type { Project } from '../project.ts'
import { orderTransfer } from '../transfers/order-transfer.ts'
import { type SampleFiles, samplePromptLength, sampleSources, sampleTargets } from './sample-files.ts'

export type SampleRow = {
  readonly target: string
  readonly method: string
  readonly sources: readonly string[]
  readonly accuracy: number
  /** Held-out facts asked. */
  readonly facts: number
  /** Mean matching per source of weight 1; null for what was not carried. */
  readonly matching: number | null
  /** Of carrying all prompts; null for what was not carried. */
  readonly seconds: number | null
}

export type SampleControl = {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

type Contestant = EvaluationRequest['contestants'][number]

/** One way of prompting a target: a contestant per relation. */
type Method = Pick<SampleRow, 'method' | 'sources' | 'matching' | 'seconds'> & {
  readonly contestantOf: (relation: string) => Contestant
}

/** The most frequent words anchor best, as the study of the sample found (docs/sample.md). */
const anchorCount = 512
const randomSeed = 1

function promptMethod(
  base: Pick<SampleRow, 'method' | 'sources' | 'matching' | 'seconds'>,
  prompts: readonly Prompt[]
): Method {
  const byRelation = new Map(prompts.map((prompt) => [prompt.relation, prompt]))
  return {
    ...base,
    contestantOf: (relation) => {
      const { vectors, template } = requireFound(
        byRelation.get(relation),
        `prompt of ${base.method} for`,
        relation
      )
      return { kind: 'prompt', name: base.method, vectors, template }
    }
  }
}

async function tunedPrompts(engine: EngineCalls, files: SampleFiles, model: string, signal: AbortSignal) {
  const tree = { path: files.promptTree(model), vectors: samplePromptLength }
  return await engine.call('prompts.readTree', tree, { signal })
}

/** Carries the prompts of a source set to a target through the project's queue. */
async function carriedMethod(
  project: Project,
  files: SampleFiles,
  anchors: AnchorSet,
  sources: readonly string[],
  target: string,
  { signal, onProgress }: SampleControl
): Promise<Method> {
  const { jobId } = await orderTransfer(
    project,
    {
      sources: sources.map((source) => ({
        model: { folder: files.modelFolder(source) },
        prompt: { path: files.promptTree(source), vectors: samplePromptLength },
        weight: 1
      })),
      target: { folder: files.modelFolder(target) },
      anchors,
      settings: {
        mask: { kind: 'all' },
        solver: { kind: 'exact', ridge: defaultRidge },
        rescale: 'after',
        device: 'cpu'
      },
      seeds: []
    },
    signal
  )
  const unsubscribe = project.queue.onEvent((event) => {
    if (event.kind !== 'progress' || event.jobId !== jobId) return
    const label = `carrying ${sources.join(' + ')} to ${target}: ${event.label}`
    onProgress({ done: event.cellsDone, total: event.cells, label })
  })
  const cancel = (): void => {
    // A failure to cancel shows as the end of the job.
    project.queue.cancel(jobId).catch(() => {})
  }
  signal.addEventListener('abort', cancel)
  try {
    await project.queue.whenEnded(jobId)
  } finally {
    unsubscribe()
    signal.removeEventListener('abort', cancel)
  }
  const runs = await project.store.read.runs.byJob(jobId)
  const prompts: Prompt[] = []
  for (const { id } of runs) {
    prompts.push(requireFound(await project.store.read.prompts.byRun(id), 'prompt of the run', id).prompt)
  }
  const mean = runs.reduce((sum, run) => sum + run.meanMatching, 0) / runs.length / sources.length
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  return promptMethod({ method: sources.join(' + '), sources, matching: mean, seconds }, prompts)
}

/** Asks a target every held-out fact with every method; accuracy over all facts (micro). */
async function askTarget(
  engine: EngineCalls,
  files: SampleFiles,
  target: string,
  methods: readonly Method[],
  { signal, onProgress }: SampleControl
): Promise<SampleRow[]> {
  const right = methods.map(() => 0)
  let facts = 0
  for (const [index, relation] of files.relations.entries()) {
    onProgress({ done: index, total: files.relations.length, label: `asking ${target}: ${relation}` })
    const result = await engine.call(
      'evaluation.run',
      {
        model: { folder: files.modelFolder(target) },
        task: {
          kind: 'relation',
          folder: files.relationFolder(relation),
          commonVocabulary: files.commonVocabulary
        },
        contestants: methods.map((method) => method.contestantOf(relation)),
        device: 'cpu'
      },
      { signal }
    )
    facts += result.contestants[0]?.scores.examples ?? 0
    for (const [at, { scores }] of result.contestants.entries()) {
      right[at] = (right[at] ?? 0) + scores.accuracy * scores.examples
    }
  }
  return methods.map(({ method, sources, matching, seconds }, at) => ({
    target,
    method,
    sources,
    accuracy: (right[at] ?? 0) / facts,
    facts,
    matching,
    seconds
  }))
}

/** Runs the sample; the rows of its table, target by target. */
export async function runSample(
  project: Project,
  files: SampleFiles,
  control: SampleControl
): Promise<{ anchors: AnchorSet; rows: SampleRow[] }> {
  const { engine } = project
  const { signal } = control
  const anchors = await engine.call(
    'anchors.build',
    {
      name: 'sample',
      models: [...sampleSources, ...sampleTargets].map((model) => ({ folder: files.modelFolder(model) })),
      recipe: { casePolicy: 'fold', filters: { lettersOnly: true }, cap: anchorCount }
    },
    { signal, onProgress: control.onProgress }
  )
  const none = { sources: [], matching: null, seconds: null }
  const rows: SampleRow[] = []
  for (const target of sampleTargets) {
    const methods: Method[] = [
      {
        ...none,
        method: 'random',
        contestantOf: () => ({
          kind: 'random',
          name: 'random',
          vectors: samplePromptLength,
          seed: randomSeed,
          template: null
        })
      },
      { ...none, method: 'manual', contestantOf: () => ({ kind: 'manual', name: 'manual', template: null }) },
      promptMethod({ ...none, method: 'direct tuning' }, await tunedPrompts(engine, files, target, signal))
    ]
    for (const sources of [...sampleSources.map((source) => [source]), [...sampleSources]]) {
      methods.push(await carriedMethod(project, files, anchors, sources, target, control))
    }
    rows.push(...(await askTarget(engine, files, target, methods, control)))
  }
  return { anchors, rows }
}
