/**
 * The main job on the sample: prompts tuned on two small models are transferred, alone and together, to two others, and
 * every prompt is asked for the held-out facts, beside random vectors, manual templates and direct tuning. All of it
 * goes through the project's queue, as in the window.
 */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import { errorFromData, throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { EvaluationSettings } from '#engine/common/contract/runs.ts'
import { defaultRidge } from '#engine/common/contract/transfer.ts'
import { registerModel } from '#main/catalogue/models.ts'
import { importPromptTree } from '#main/catalogue/prompts.ts'
import { registerRelations } from '#main/catalogue/tasks.ts'
import { orderTransfer, type TransferOrder } from '#main/experiments/plan/order-transfer.ts'
import { type Evaluated, planEvaluation } from '#main/experiments/plan/plan-references.ts'
import { jobOf } from '#main/experiments/plan/registered-inputs.ts'
import type { Project, StoredRun } from '#main/project/project.ts'
import { type FollowControl, followJob } from '#main/queue/follow-job.ts'
import { requireFound } from '#store/records/row.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'
import { type SampleFiles, samplePromptLength, sampleSources, sampleTargets } from './sample-files.ts'

export type SampleRow = {
  readonly target: string
  readonly method: string
  readonly sources: readonly string[]
  readonly accuracy: number
  /** Held-out facts asked. */
  readonly facts: number
  /** Mean matching per source of weight 1; null for what was not transferred. */
  readonly matching: number | null
  /** Of transferring all prompts; null for what was not transferred. */
  readonly seconds: number | null
}

/** Where the sample is run, and what it is asked. */
export type SampleWork = {
  readonly project: Project
  readonly files: SampleFiles
  /** By relation. */
  readonly tasks: ReadonlyMap<string, RegisteredTask>
}

/** The most frequent words anchor best, as the experiment of the sample found (docs/sample.md). */
const anchorCount = 512

const evaluation: EvaluationSettings = { split: 'test', rankWithin: 'candidates', limit: null }

/** How the sample is transferred where nothing else is asked. */
export const sampleSettings: TransferOrder['settings'] = {
  method: { kind: 'exact', ridge: defaultRidge },
  mask: defaults.mask,
  centre: 'none',
  rescale: defaults.rescale,
  device: 'cpu'
}

/** The name of an anchor set of the sample, by the number of its anchors. */
export function sampleAnchorsName(count = anchorCount): string {
  return `${count} most frequent words`
}

/** The anchors of the sample: the most frequent words that its models share. */
export async function buildSampleAnchors(
  { engine }: Project,
  files: SampleFiles,
  { signal, onProgress }: FollowControl,
  count = anchorCount
): Promise<AnchorSet> {
  return await engine.call(
    'anchors.build',
    {
      name: sampleAnchorsName(count),
      models: [...sampleSources, ...sampleTargets].map((model) => ({ folder: files.modelFolder(model) })),
      recipe: { casePolicy: 'fold', filters: { lettersOnly: true }, cap: count }
    },
    { signal, onProgress }
  )
}

/** Registers the tasks of the sample in the project. */
export async function openSampleWork(
  project: Project,
  files: SampleFiles,
  signal: AbortSignal
): Promise<SampleWork> {
  const tasks = await registerRelations(project, files.relationFolders, files.commonVocabulary, signal)
  return { project, files, tasks: new Map(tasks.map((task) => [task.summary.name, task])) }
}

/** Follows a job to its end. @throws its error where it failed */
async function finishJob({ queue }: Project, jobId: string, control: FollowControl): Promise<void> {
  const { error } = await followJob(queue, jobId, control)
  throwIfCancelled(control.signal)
  if (error !== null) throw errorFromData(error)
}

/** Transfers the prompts of a source set to a target; the id of the job, when it has ended. */
export async function transferSample(
  { project, files, tasks }: SampleWork,
  anchors: AnchorSet,
  sources: readonly string[],
  target: string,
  settings: typeof sampleSettings,
  control: FollowControl
): Promise<string> {
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
      settings,
      evaluation,
      seeds: [defaults.seed],
      taskOf: (relation) => (relation === null ? null : (tasks.get(relation) ?? null))
    },
    control.signal
  )
  await finishJob(project, jobId, control)
  return jobId
}

/** The runs of a job that has ended. */
async function runsOf({ store }: Project, jobId: string): Promise<StoredRun[]> {
  const { runs } = store.read
  const found: StoredRun[] = []
  for (const { id } of await runs.byJob(jobId)) found.push(requireFound(await runs.get(id), 'run', id))
  return found
}

/** Accuracy over all facts (micro). */
function pooled(runs: readonly StoredRun[]): Pick<SampleRow, 'accuracy' | 'facts'> {
  const all = runs.flatMap(({ scores }) => scores ?? [])
  const facts = all.reduce((sum, { examples }) => sum + examples, 0)
  const right = all.reduce((sum, { accuracy, examples }) => sum + accuracy * examples, 0)
  return { accuracy: facts === 0 ? 0 : right / facts, facts }
}

/** Random vectors, manual templates and directly tuned prompts, asked of a target. */
async function askBaselines(
  { project, files, tasks }: SampleWork,
  target: string,
  control: FollowControl
): Promise<SampleRow[]> {
  const { signal } = control
  const model = await registerModel(project, { folder: files.modelFolder(target) }, signal)
  const tree = { path: files.promptTree(target), vectors: samplePromptLength }
  const tuned = await importPromptTree(project, tree, model, signal)
  const cells = tuned.map((stored) => ({
    task: requireFound(tasks.get(stored.prompt.relation ?? ''), 'task', stored.prompt.name),
    conditions: [
      { kind: 'random', vectors: samplePromptLength, seed: defaults.seed },
      { kind: 'manual' },
      { kind: 'prompt', stored }
    ] satisfies Evaluated[]
  }))
  const job = planEvaluation({ model, cells, ...evaluation, device: 'cpu' })
  const jobId = await project.queue.add(jobOf(job))
  await finishJob(project, jobId, control)
  const runs = await runsOf(project, jobId)
  const methods = [
    ['random', 'random'],
    ['manual', 'manual'],
    ['direct tuning', 'prompt']
  ] as const
  return methods.map(([method, kind]) => ({
    target,
    method,
    sources: [],
    ...pooled(runs.filter(({ manifest }) => manifest.method.kind === kind)),
    matching: null,
    seconds: null
  }))
}

async function transferredRow(
  work: SampleWork,
  anchors: AnchorSet,
  sources: readonly string[],
  target: string,
  control: FollowControl
): Promise<SampleRow> {
  const jobId = await transferSample(work, anchors, sources, target, sampleSettings, control)
  const transferred = await runsOf(work.project, jobId)
  return {
    target,
    method: sources.join(' + '),
    sources,
    ...pooled(transferred),
    matching: transferred.reduce((sum, run) => sum + (run.matching ?? 0), 0) / transferred.length,
    seconds: transferred.reduce((sum, run) => sum + run.seconds, 0)
  }
}

/** Runs the sample; the rows of its table, target by target. */
export async function runSample(
  project: Project,
  files: SampleFiles,
  control: FollowControl
): Promise<{ anchors: AnchorSet; rows: SampleRow[] }> {
  const anchors = await buildSampleAnchors(project, files, control)
  const work = await openSampleWork(project, files, control.signal)
  const rows: SampleRow[] = []
  for (const target of sampleTargets) {
    rows.push(...(await askBaselines(work, target, control)))
    for (const sources of [...sampleSources.map((source) => [source]), [...sampleSources]]) {
      rows.push(await transferredRow(work, anchors, sources, target, control))
    }
  }
  return { anchors, rows }
}
