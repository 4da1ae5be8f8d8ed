/** `anchorage evaluate`: queries a model with prompts, manual templates and random vectors on tasks. */
import { type Command, Option } from 'commander'
import { averageAccuracy } from '#engine/common/contract/average-scores.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import type { EngineArguments, Progress } from '#engine/common/contract/engine-methods.ts'
import {
  AnchorageError,
  type ErrorData,
  errorFromData,
  errorToData,
  explainError,
  throwIfCancelled
} from '#engine/common/contract/errors.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptModel } from '#engine/common/contract/prompts.ts'
import { type SplitName, splitNames, type TaskSource } from '#engine/common/contract/tasks.ts'
import type { EvaluatedFile } from '#main/experiments/plan/order-references.ts'
import type { Project } from '#main/project/project.ts'
import { evaluateInProject, type TaskEvaluation } from '../evaluate-in-project.ts'
import { exitCodes } from '../exit-codes.ts'
import { maybeInProject } from '../in-project.ts'
import { modelFolder } from '../model-folder.ts'
import { parsePositiveInteger, parseSeed } from '../numbers.ts'
import type { Output } from '../output.ts'
import { openPredictionsFile } from '../predictions-file.ts'
import { findPrompt, promptName, taskName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { describeSkipped } from '../skipped-examples.ts'
import { addTaskOptions, findTasks, showLabelWords, type TaskOptions, weightsHelp } from '../task-options.ts'

type EvaluatedCondition = EngineArguments<'evaluation.run'>['conditions'][number]

/** What is evaluated, as the engine is asked for it and as a project plans it. */
type Named = { readonly condition: EvaluatedCondition; readonly file: EvaluatedFile }

type EvaluateOptions = TaskOptions & {
  readonly prompt?: readonly string[]
  readonly vectors?: number
  readonly manual?: boolean
  readonly random?: number
  readonly seed: number
  readonly template?: string
  readonly split: SplitName
  readonly within: 'candidates' | 'vocabulary'
  readonly limit?: number
  readonly device: string
  readonly predictions?: string
  readonly project?: string
  readonly weights?: string
}

/**
 * The prompt files for a task as conditions, named alike for every task so that averages can be made; what a file
 * says of its template counts unless one is given.
 */
async function readPrompts(
  task: TaskSource,
  { prompt = [], vectors, template }: EvaluateOptions,
  model: PromptModel,
  { engine, signal }: CommandSession
): Promise<Named[]> {
  const read = prompt.map(async (path): Promise<Named> => {
    const choice = {
      path: await findPrompt(path, task),
      ...(vectors === undefined ? {} : { vectors }),
      model
    }
    const found = await engine.call('prompts.read', choice, { signal })
    return {
      condition: {
        kind: 'prompt',
        name: await promptName(path, prompt),
        vectors: found.vectors,
        template: template ?? found.template
      },
      file: { kind: 'prompt', choice }
    }
  })
  return await Promise.all(read)
}

async function findConditions(
  task: TaskSource,
  options: EvaluateOptions,
  model: PromptModel,
  session: CommandSession
): Promise<Named[]> {
  const { manual, random, seed, template } = options
  const named = await readPrompts(task, options, model, session)
  if (manual === true) named.push({ condition: { kind: 'manual' }, file: { kind: 'manual' } })
  if (random !== undefined) {
    const file = { kind: 'random' as const, vectors: random, seed }
    named.push({
      condition: { ...file, name: `random (seed ${seed})`, template: template ?? null },
      file
    })
  }
  if (named.length > 0) return named
  throw new AnchorageError('bad-argument', 'There is nothing to evaluate.', {
    expected: '--prompt FILE, --manual or --random M',
    next: 'Name at least one; all that are named are asked in one pass.'
  })
}

const percent = (share: number): string => (100 * share).toFixed(1)

function taskRows({ task, conditions }: TaskEvaluation): string[][] {
  return conditions.map(({ name, scores, skipped }) => [
    task,
    name,
    String(scores.examples),
    percent(scores.accuracy),
    `${percent(scores.accuracyInterval.low)} to ${percent(scores.accuracyInterval.high)}`,
    percent(scores.precisionAt10),
    scores.meanReciprocalRank.toFixed(3),
    scores.meanLoss.toFixed(3),
    describeSkipped(skipped)
  ])
}

const head = ['task', 'asked with', 'N', 'P@1 %', '95 %', 'P@10 %', 'MRR', 'loss', 'skipped']

/** Micro and macro averages of each condition over several tasks. */
function averages(results: readonly TaskEvaluation[]) {
  return (results[0]?.conditions ?? []).map(({ name }, index) => ({
    name,
    ...averageAccuracy(results.flatMap((result) => result.conditions[index]?.scores ?? []))
  }))
}

function print(results: readonly TaskEvaluation[], output: Output): void {
  output.table(head, results.flatMap(taskRows))
  if (results.length > 1) {
    output.line()
    output.table(
      ['asked with', 'tasks', 'examples', 'micro P@1 %', 'macro P@1 %'],
      averages(results).map(({ name, tasks, examples, micro, macro }) => [
        name,
        tasks,
        examples,
        Number(percent(micro)),
        Number(percent(macro))
      ])
    )
  }
  for (const { task, notes } of results) for (const note of notes) output.line(`note: ${task}: ${note}`)
  const [first] = results
  if (first !== undefined) output.line(`split ${first.split}, device ${first.device}`)
}

type Evaluation = {
  readonly results: readonly TaskEvaluation[]
  /** Tasks that could not be evaluated, such as one without a usable label; the others go on. */
  readonly failed: readonly { readonly task: string; readonly error: ErrorData }[]
}

/** Evaluates one task with everything that the options name, in the project where there is one. */
async function evaluateTask(
  reference: ModelReference,
  report: PromptModel,
  task: TaskSource,
  place: string,
  options: EvaluateOptions,
  session: CommandSession,
  project: Project | null
): Promise<TaskEvaluation> {
  const { engine, signal, progress } = session
  const { split, within, limit, device, template } = options
  const named = await findConditions(task, options, report, session)
  const conditions = named.map(({ condition }) => condition)
  const asked = { model: reference, task, split, rankWithin: within, limit: limit ?? null, device }
  const control = {
    signal,
    onProgress: (update: Progress) => progress.show({ ...update, label: `${update.label}${place}` })
  }
  if (project === null) return await engine.call('evaluation.run', { ...asked, conditions }, control)
  const files = named.map(({ file }) => file)
  const names = conditions.map(({ kind, name = kind }) => name)
  return await evaluateInProject(project, { ...asked, template, conditions: files }, names, control)
}

/** Evaluates the tasks one after the other; Ctrl-C ends the row, and what is finished stays. */
async function evaluateAll(
  reference: ModelReference,
  tasks: readonly TaskSource[],
  options: EvaluateOptions,
  session: CommandSession,
  project: Project | null
): Promise<Evaluation> {
  const { engine, signal } = session
  const report = await engine.call('models.inspect', reference, { signal })
  const predictions = await openPredictionsFile(options.predictions)
  const results: TaskEvaluation[] = []
  const failed: Evaluation['failed'][number][] = []
  try {
    for (const [index, task] of tasks.entries()) {
      const place = tasks.length === 1 ? '' : ` (task ${index + 1} of ${tasks.length})`
      try {
        const result = await evaluateTask(reference, report, task, place, options, session, project)
        results.push(result)
        await predictions.add(result)
      } catch (error) {
        if (signal.aborted) break
        failed.push({ task: taskName(task), error: errorToData(error) })
      }
    }
  } finally {
    await predictions.close()
  }
  const [first] = failed
  if (results.length === 0) {
    throwIfCancelled(signal)
    if (first !== undefined) throw errorFromData(first.error)
  }
  return { results, failed }
}

export function addEvaluateCommand(command: Command): void {
  command
    .argument('<model>', 'model folder with an ONNX graph')
    .option('--weights <file>', weightsHelp)
    .option(
      '--prompt <file...>',
      'prompt files, or trees with a folder per task, asked in one pass; {task} in a name stands for the name of each task'
    )
    .option('--vectors <m>', 'only the first m rows of each prompt file', parsePositiveInteger)
    .option('--manual', "the task's manual template")
    .option(
      '--random <m>',
      "m random vectors from a normal fitted to the model's table",
      parsePositiveInteger
    )
    .option('--seed <n>', 'seed of the random vectors', parseSeed, defaults.seed)
    .option(
      '--template <template>',
      'where prompts stand (default: as the file says, else "[X] [V1] .. [MASK] .")'
    )
  addTaskOptions(command)
    .addOption(new Option('--split <split>', 'which examples').choices(splitNames).default('test'))
    .addOption(
      new Option('--within <words>', "rank within the task's candidates or every token")
        .choices(['candidates', 'vocabulary'])
        .default('candidates')
    )
    .option('--limit <n>', 'only the first n examples of each task', parsePositiveInteger)
    .option('--device <device>', 'auto, cpu, webgpu, cuda, dml or coreml', 'auto')
    .option('--predictions <file>', 'write every prediction to a new JSON Lines file')
    .option('--project <file>', 'project file that records each result as a run')
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage evaluate models/bert-base-cased --relations trex --common-vocabulary common_vocab_cased.txt \\
      --prompt transferred/{task}.safetensors --manual --random 5
  $ anchorage evaluate models/gpt2 --test sst2/test.tsv --label-word 0=bad --label-word 1=great \\
      --manual-template "[X] It was [MASK]" --manual`
    )
    .action((model: string, options: EvaluateOptions, invoked: Command) =>
      runInSession(invoked, async (session) => {
        const { output, progress, signal } = session
        const tasks = await findTasks(options, session)
        const reference = { folder: modelFolder(model), weights: options.weights }
        await showLabelWords(reference, tasks, session, output)
        const { results, failed } = await maybeInProject(options.project, session, (project) =>
          evaluateAll(reference, tasks, options, session, project)
        )
        progress.end()
        print(results, output)
        if (options.project !== undefined) output.line(`recorded in ${options.project}`)
        const left = tasks.length - results.length - failed.length
        if (left > 0) output.line(`cancelled: ${left} of ${tasks.length} tasks were not evaluated`)
        for (const { task, error } of failed) process.stderr.write(`${task}: ${explainError(error)}\n`)
        output.result({ results, averages: averages(results), failed })
        if (signal.aborted) return exitCodes.cancelled
        return failed.length === 0 ? exitCodes.done : exitCodes.failed
      })
    )
}
