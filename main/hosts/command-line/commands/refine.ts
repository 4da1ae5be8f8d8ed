/** `anchorage refine`: tunes a prompt on the target with the sources' own answers to inputs without labels. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import {
  describeCost,
  type RefinementResult,
  refinementSettingsSchema
} from '#engine/common/contract/refinement.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { TuningSettings } from '#engine/common/contract/tuning.ts'
import { type RefinedTask, type RunModel, recordRefinements } from '#main/experiments/record-results.ts'
import { hashBefore, inProject } from '../in-project.ts'
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
import { writeTunedPrompt } from '../write-tuned-prompt.ts'

type Asked = EngineArguments<'tuning.refine'>
type Refined = RefinedTask & { readonly task: string; readonly files: readonly string[] }

/** What all tasks have in common. */
type Refining = {
  readonly options: RefineOptions
  readonly teachers: readonly Teacher[]
  /** Null where the start is not transferred. */
  readonly anchors: AnchorSet | null
  readonly settings: TuningSettings
}

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
      return { start: { kind: 'random', vectors: vectors ?? defaults.length } }
    default: {
      const choice = { path: await findPrompt(start, task), model }
      const found = await session.engine.call('prompts.read', choice, { signal: session.signal })
      return { start: { kind: 'prompt', vectors: found.vectors }, template: found.template }
    }
  }
}

async function refineTask(task: TaskSource, refining: Refining, session: CommandSession): Promise<Refined> {
  const { options, teachers, settings } = refining
  const { engine, signal, progress } = session
  const model = { folder: modelFolder(options.target) }
  const report = await engine.call('models.inspect', model, { signal })
  const asked = await readTeachers(teachers, task, options.vectors, session)
  const { inputs, inputsFile, targets, leastConfidence, teacher, seed, device } = options
  const result = await engine.call(
    'tuning.refine',
    {
      teachers:
        teacher === 'manual'
          ? asked.map((one) => ({ ...one, condition: { kind: 'manual' as const } }))
          : asked,
      model,
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
  const how = `refined: ${costOf(result)}; seed ${options.seed}`
  const files = await writeTunedPrompt(task, result, how, report, options, session)
  const rows = options.vectors === undefined ? {} : { vectors: options.vectors }
  const prompts = []
  for (const { path } of teachers) prompts.push({ path: await findPrompt(path, task), ...rows })
  return { task: taskName(task), source: task, prompts, result, files }
}

function costOf({ teaching, loss }: RefinementResult): string {
  return describeCost(teaching.inputs, loss.length)
}

/** Refines task by task; in a project, once all is done, each is a run. */
async function refineAll(
  tasks: readonly TaskSource[],
  refining: Refining,
  session: CommandSession
): Promise<Refined[]> {
  const { options, teachers, anchors, settings } = refining
  const { project, centre, device, seed } = options
  const method = project === undefined ? null : recordedMethod(options, teachers, settings)
  const target = await hashBefore({ folder: modelFolder(options.target) }, project, session)
  const sources: (RunModel & { readonly weight: number })[] = []
  for (const { model, weight } of teachers) {
    const run = await hashBefore(model, project, session)
    if (run !== null) sources.push({ ...run, weight })
  }
  const refined: Refined[] = []
  for (const task of tasks) refined.push(await refineTask(task, refining, session))
  if (project !== undefined && method !== null && target !== null) {
    const asked = { method, centre: anchors === null ? 'none' : centre, device, seed, anchors } as const
    await inProject(project, session, (opened) =>
      recordRefinements(opened, { sources, target }, refined, asked)
    )
  }
  return refined
}

async function refine(options: RefineOptions, session: CommandSession): Promise<void> {
  const { output, progress } = session
  const tasks = await findTasks(options, session)
  if (options.overwrite !== true) await requireFree(options.out, tasks)
  const { epochs, learningRate } = options
  const refined = await refineAll(
    tasks,
    {
      options,
      teachers: namedTeachers(options),
      anchors: options.start === 'transferred' ? await sharedAnchors(options.source, options, session) : null,
      settings: refinementSettingsSchema.parse({ epochs, learningRate })
    },
    session
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
    output.line(`${task}: ${costOf(result)}`)
    for (const note of result.notes) output.line(`note: ${task}: ${note}`)
    for (const file of files) output.line(`written ${file}`)
  }
  if (options.project !== undefined) output.line(`recorded in ${resolve(options.project)}`)
  output.result(refined.map(({ task, result, files }) => ({ task, labels: 'none', files, result })))
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
      runInSession(invoked, async (session) => {
        await refine(options, session)
        return undefined
      })
    )
}
