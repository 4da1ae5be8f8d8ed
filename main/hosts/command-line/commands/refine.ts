/** `anchorage refine`: tunes a prompt on the target with the sources' own answers to inputs without labels. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { RefineMethod } from '#engine/common/contract/methods.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import {
  describeCost,
  type RefinementResult,
  refinementSettingsSchema
} from '#engine/common/contract/refinement.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { TuningSettings } from '#engine/common/contract/tuning.ts'
import type { FileRefinement } from '#main/experiments/plan/order-references.ts'
import type { Project } from '#main/project/project.ts'
import { exitCodes } from '../exit-codes.ts'
import { maybeInProject } from '../in-project.ts'
import { modelFolder } from '../model-folder.ts'
import { findPrompt, requireFree, taskName } from '../prompt-paths.ts'
import { addRefineOptions, type RefineOptions, recordedMethod, ridgeOf } from '../refine-options.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { addTaskOptions, findTasks } from '../task-options.ts'
import {
  commonTemplate,
  namedTeachers,
  readTeachers,
  type Teacher,
  type TransferableSource,
  transferable
} from '../teachers.ts'
import { sharedAnchors } from '../transfer-options.ts'
import { refineInProject } from '../tune-in-project.ts'
import { writeTunedPrompt } from '../write-tuned-prompt.ts'

type Asked = EngineArguments<'tuning.refine'>
type Refined = {
  readonly task: string
  readonly result: RefinementResult
  readonly files: readonly string[]
}

/** What all tasks have in common. */
type Refining = {
  readonly options: RefineOptions
  readonly teachers: readonly Teacher[]
  /** Null where the start is not transferred. */
  readonly anchors: AnchorSet | null
  readonly settings: TuningSettings
}

/** The project that records what is refined, and the method that its runs say. */
type Recording = { readonly project: Project; readonly method: RefineMethod }

/** The sources' own prompts transferred to the target, by all anchors. */
async function transferStart(
  sources: readonly TransferableSource[],
  { options, anchors }: Refining,
  { engine, signal }: CommandSession
): Promise<Asked['start']> {
  const { prompt } = await engine.call(
    'transfer.run',
    {
      sources: sources.map(({ template: _, ...source }) => source),
      target: { folder: modelFolder(options.target) },
      anchors: anchors?.anchors ?? [],
      mask: { kind: 'all' },
      centre: options.centre,
      search: { kind: 'exact', ridge: ridgeOf(options) },
      rescale: 'after',
      device: options.device
    },
    { signal }
  )
  return { kind: 'prompt', vectors: prompt }
}

/** How long the prompts of teachers are; undefined where none has any. */
function rowsOf(teachers: Asked['teachers']): number | undefined {
  return teachers.flatMap(({ condition }) => (condition.kind === 'prompt' ? [condition.vectors.rows] : []))[0]
}

/** Where the prompt of the target starts. */
async function findStart(
  teachers: Asked['teachers'],
  task: TaskSource,
  model: ModelReport,
  refining: Refining,
  session: CommandSession
): Promise<Pick<Asked, 'start' | 'template'>> {
  const { start, vectors } = refining.options
  switch (start) {
    case 'transferred': {
      const sources = transferable(teachers)
      return { start: await transferStart(sources, refining, session), template: commonTemplate(sources) }
    }
    case 'manual':
      return { start: { kind: 'manual' } }
    case 'random':
      return { start: { kind: 'random', vectors: vectors ?? rowsOf(teachers) ?? defaults.length } }
    default: {
      const choice = { path: await findPrompt(start, task), model }
      const found = await session.engine.call('prompts.read', choice, { signal: session.signal })
      return { start: { kind: 'prompt', vectors: found.vectors }, template: found.template }
    }
  }
}

/** Refines on one task, in the engine alone. */
async function refineTask(
  task: TaskSource,
  report: ModelReport,
  refining: Refining,
  session: CommandSession
): Promise<RefinementResult> {
  const { options, teachers, settings } = refining
  const { engine, signal, progress } = session
  const asked = await readTeachers(teachers, task, options.vectors, session)
  const { inputs, inputsFile, targets, leastConfidence, teacher, seed, device } = options
  return await engine.call(
    'tuning.refine',
    {
      teachers:
        teacher === 'manual'
          ? asked.map((one) => ({ ...one, condition: { kind: 'manual' as const } }))
          : asked,
      model: { folder: modelFolder(options.target) },
      task,
      ...(await findStart(asked, task, report, refining, session)),
      inputs: inputs === 'all' ? null : inputs,
      inputsFile: inputsFile === undefined ? null : resolve(inputsFile),
      targets,
      leastConfidence,
      settings,
      seed,
      device
    },
    { signal, onProgress: progress.show }
  )
}

/** Refines on one task in a project, where it is a run. */
async function refineTaskIn(
  { project, method }: Recording,
  task: TaskSource,
  { options, teachers, anchors }: Refining,
  { signal, progress }: CommandSession
): Promise<RefinementResult> {
  const { vectors, target, centre, seed, device } = options
  const rows = vectors === undefined ? {} : { vectors }
  const sources: FileRefinement['sources'][number][] = []
  for (const { model, weight, path } of teachers)
    sources.push({ model, weight, choice: { path: await findPrompt(path, task), ...rows } })
  const order = {
    sources,
    target: { folder: modelFolder(target) },
    anchors,
    method,
    task,
    centre,
    seed,
    device
  }
  return await refineInProject(project, order, { signal, onProgress: progress.show })
}

function costOf({ teaching, loss }: RefinementResult): string {
  return describeCost(teaching.inputs, loss.length)
}

/** Refines task by task and writes each prompt at once; Ctrl-C ends the queue, and what was refined stays. */
async function refineAll(
  tasks: readonly TaskSource[],
  refining: Refining,
  session: CommandSession,
  recording: Recording | null
): Promise<Refined[]> {
  const { options } = refining
  const { engine, signal } = session
  const report = await engine.call('models.inspect', { folder: modelFolder(options.target) }, { signal })
  const refined: Refined[] = []
  try {
    for (const task of tasks) {
      if (signal.aborted) break
      const result =
        recording === null
          ? await refineTask(task, report, refining, session)
          : await refineTaskIn(recording, task, refining, session)
      const how = `refined: ${costOf(result)}; seed ${options.seed}`
      const files = await writeTunedPrompt(task, result, how, report, options, session)
      refined.push({ task: taskName(task), result, files })
    }
  } catch (error) {
    if (!signal.aborted || refined.length === 0) throw error
  }
  return refined
}

async function refine(options: RefineOptions, session: CommandSession): Promise<number | undefined> {
  const { output, progress, signal } = session
  const tasks = await findTasks(options, session)
  if (options.overwrite !== true) await requireFree(options.out, tasks)
  const { epochs, learningRate } = options
  const teachers = namedTeachers(options)
  const settings = refinementSettingsSchema.parse({ epochs, learningRate })
  // What no run can say is refused before a project is made.
  const method = options.project === undefined ? null : recordedMethod(options, teachers, settings)
  const anchors =
    options.start === 'transferred' ? await sharedAnchors(options.source, options, session) : null
  const refined = await maybeInProject(options.project, session, (project) =>
    refineAll(
      tasks,
      { options, teachers, anchors, settings },
      session,
      project && method && { project, method }
    )
  )
  progress.end()
  output.table(
    ['task', 'inputs', 'tuned on', 'held out', 'steps', 'chosen step', 'confidence', 'agreement %'],
    refined.map(({ task, result: { teaching, loss, chosenStep, validations } }) => [
      task,
      teaching.inputs,
      teaching.trained,
      teaching.heldOut,
      loss.length,
      chosenStep,
      teaching.confidence.toFixed(3),
      (100 * (validations.find(({ step }) => step === chosenStep)?.accuracy ?? Number.NaN) || 0).toFixed(1)
    ])
  )
  for (const { task, result, files } of refined) {
    for (const note of result.notes) output.line(`note: ${task}: ${note}`)
    for (const file of files) output.line(`written ${file}`)
  }
  const left = tasks.length - refined.length
  if (left > 0) output.line(`cancelled: ${left} of ${tasks.length} tasks were not refined`)
  if (options.project !== undefined) output.line(`recorded in ${resolve(options.project)}`)
  output.result(refined.map(({ task, result, files }) => ({ task, labels: 'none', files, result })))
  return signal.aborted ? exitCodes.cancelled : undefined
}

export function addRefineCommand(command: Command): void {
  addTaskOptions(addRefineOptions(command))
    .addHelpText(
      'after',
      `
Example:
  $ anchorage refine --source bert-base --prompt prompts/bert-base --vectors 5 --target roberta-large \\
      --relations trex --common-vocabulary common_vocab_cased.txt --inputs 16 --out refined/{task}/prompt_vecs.npy`
    )
    .action((options: RefineOptions, invoked: Command) =>
      runInSession(invoked, (session) => refine(options, session))
    )
}
