/** `anchorage evaluate`: queries a model with prompts, manual templates and random vectors on tasks. */
import { type Command, Option } from 'commander'
import { averageAccuracy } from '#engine/common/contract/average-scores.ts'
import { defaults } from '#engine/common/contract/defaults.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import {
  AnchorageError,
  type ErrorData,
  errorFromData,
  errorToData,
  explainError
} from '#engine/common/contract/errors.ts'
import type { EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptModel } from '#engine/common/contract/prompts.ts'
import { type SplitName, splitNames, type TaskSource } from '#engine/common/contract/tasks.ts'
import {
  type EvaluatedTask,
  type EvaluatedThing,
  recordEvaluations
} from '#main/experiments/record-results.ts'
import { exitCodes } from '../exit-codes.ts'
import { hashBefore, inProject } from '../in-project.ts'
import { modelFolder } from '../model-folder.ts'
import { parsePositiveInteger, parseSeed } from '../numbers.ts'
import type { Output } from '../output.ts'
import { openPredictionsFile } from '../predictions-file.ts'
import { findPrompt, promptName, taskName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { describeSkipped } from '../skipped-examples.ts'
import { addTaskOptions, findTasks, showLabelWords, type TaskOptions, weightsHelp } from '../task-options.ts'

type EvaluatedCondition = EngineArguments<'evaluation.run'>['conditions'][number]

/** What is evaluated, as the engine is asked for it and as a project records it. */
type Named = { readonly condition: EvaluatedCondition; readonly thing: EvaluatedThing }

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
      thing: { kind: 'prompt', choice }
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
  if (manual === true) named.push({ condition: { kind: 'manual' }, thing: { kind: 'manual' } })
  if (random !== undefined) {
    const thing = { kind: 'random' as const, vectors: random, seed }
    named.push({
      condition: { ...thing, name: `random (seed ${seed})`, template: template ?? null },
      thing
    })
  }
  if (named.length > 0) return named
  throw new AnchorageError('bad-argument', 'There is nothing to evaluate.', {
    expected: '--prompt FILE, --manual or --random M',
    next: 'Name at least one; all that are named are asked in one pass.'
  })
}

const percent = (share: number): string => (100 * share).toFixed(1)

function taskRows({ task, conditions }: EvaluationResult): string[][] {
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
function averages(results: readonly EvaluationResult[]) {
  return (results[0]?.conditions ?? []).map(({ name }, index) => ({
    name,
    ...averageAccuracy(results.flatMap((result) => result.conditions[index]?.scores ?? []))
  }))
}

function print(results: readonly EvaluationResult[], output: Output): void {
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
  readonly evaluated: readonly EvaluatedTask[]
  /** Tasks that could not be evaluated, such as one without a usable label; the others go on. */
  readonly failed: readonly { readonly task: string; readonly error: ErrorData }[]
}

/** Evaluates one task with everything that the options name. */
async function evaluateTask(
  reference: ModelReference,
  report: PromptModel,
  task: TaskSource,
  place: string,
  options: EvaluateOptions,
  session: CommandSession
): Promise<EvaluatedTask> {
  const { engine, signal, progress } = session
  const { split, within, limit, device } = options
  const named = await findConditions(task, options, report, session)
  const result = await engine.call(
    'evaluation.run',
    {
      model: reference,
      task,
      split,
      conditions: named.map(({ condition }) => condition),
      rankWithin: within,
      limit: limit ?? null,
      device
    },
    { signal, onProgress: (update) => progress.show({ ...update, label: `${update.label}${place}` }) }
  )
  return { source: task, things: named.map(({ thing }) => thing), result }
}

/** Evaluates the tasks one after the other; Ctrl-C ends the row, and what is finished stays. */
async function evaluateAll(
  reference: ModelReference,
  tasks: readonly TaskSource[],
  options: EvaluateOptions,
  session: CommandSession
): Promise<Evaluation> {
  const { engine, signal } = session
  const report = await engine.call('models.inspect', reference, { signal })
  const predictions = await openPredictionsFile(options.predictions)
  const evaluated: EvaluatedTask[] = []
  const failed: Evaluation['failed'][number][] = []
  try {
    for (const [index, task] of tasks.entries()) {
      const place = tasks.length === 1 ? '' : ` (task ${index + 1} of ${tasks.length})`
      try {
        const one = await evaluateTask(reference, report, task, place, options, session)
        evaluated.push(one)
        await predictions.add(one.result)
      } catch (error) {
        if (signal.aborted) break
        failed.push({ task: taskName(task), error: errorToData(error) })
      }
    }
  } finally {
    await predictions.close()
  }
  const [first] = failed
  if (evaluated.length === 0) {
    signal.throwIfAborted()
    if (first !== undefined) throw errorFromData(first.error)
  }
  return { evaluated, failed }
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
        const run = await hashBefore(reference, options.project, session)
        const { evaluated, failed } = await evaluateAll(reference, tasks, options, session)
        const results = evaluated.map(({ result }) => result)
        progress.end()
        print(results, output)
        if (options.project !== undefined && run !== null) {
          const { split, within: rankWithin, limit = null, device } = options
          const settings = { split, rankWithin, limit, device }
          await inProject(options.project, session, (project) =>
            recordEvaluations(project, run, evaluated, settings)
          )
          output.line(`recorded in ${options.project}`)
        }
        const left = tasks.length - results.length - failed.length
        if (left > 0) output.line(`cancelled: ${left} of ${tasks.length} tasks were not evaluated`)
        for (const { task, error } of failed) process.stderr.write(`${task}: ${explainError(error)}\n`)
        output.result({ results, averages: averages(results), failed })
        if (signal.aborted) return exitCodes.cancelled
        return failed.length === 0 ? exitCodes.done : exitCodes.failed
      })
    )
}
