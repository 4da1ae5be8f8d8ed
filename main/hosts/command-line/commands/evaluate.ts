/** `anchorage evaluate`: queries a model with prompts, manual templates and random vectors on tasks. */
import { type Command, Option } from 'commander'
import { averageAccuracy } from '#engine/common/contract/average-scores.ts'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { EvaluationResult } from '#engine/common/contract/evaluation.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { PromptModel } from '#engine/common/contract/prompts.ts'
import { type SplitName, splitNames, type TaskSource } from '#engine/common/contract/tasks.ts'
import { exitCodes } from '../exit-codes.ts'
import { modelFolder } from '../model-folder.ts'
import { parsePositiveInteger, parseSeed } from '../numbers.ts'
import type { Output } from '../output.ts'
import { openPredictionsFile } from '../predictions-file.ts'
import { findPrompt, promptName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { describeSkipped } from '../skipped-examples.ts'
import { addTaskOptions, findTasks, showLabelWords, type TaskOptions, weightsHelp } from '../task-options.ts'

type Contestant = EngineArguments<'evaluation.run'>['contestants'][number]

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
  readonly weights?: string
}

/**
 * The prompt files for a task as contestants, named alike for every task so that averages can be made; what a file
 * says of its template counts unless one is given.
 */
async function readPrompts(
  task: TaskSource,
  { prompt = [], vectors, template }: EvaluateOptions,
  model: PromptModel,
  { engine, signal }: CommandSession
): Promise<Contestant[]> {
  const read = prompt.map(async (path): Promise<Contestant> => {
    const choice = {
      path: await findPrompt(path, task),
      ...(vectors === undefined ? {} : { vectors }),
      model
    }
    const found = await engine.call('prompts.read', choice, { signal })
    return {
      kind: 'prompt',
      name: await promptName(path, prompt),
      vectors: found.vectors,
      template: template ?? found.template
    }
  })
  return await Promise.all(read)
}

async function findContestants(
  task: TaskSource,
  options: EvaluateOptions,
  model: PromptModel,
  session: CommandSession
): Promise<Contestant[]> {
  const { manual, random, seed, template } = options
  const contestants = await readPrompts(task, options, model, session)
  if (manual === true) contestants.push({ kind: 'manual' })
  if (random !== undefined) {
    contestants.push({
      kind: 'random',
      name: `random (seed ${seed})`,
      vectors: random,
      seed,
      template: template ?? null
    })
  }
  if (contestants.length > 0) return contestants
  throw new AnchorageError('bad-argument', 'There is nothing to evaluate.', {
    expected: '--prompt FILE, --manual or --random M',
    next: 'Name at least one; all that are named are asked in one pass.'
  })
}

const percent = (share: number): string => (100 * share).toFixed(1)

function taskRows({ task, contestants }: EvaluationResult): string[][] {
  return contestants.map(({ name, scores, skipped }) => [
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

/** Micro and macro averages of each contestant over several tasks. */
function averages(results: readonly EvaluationResult[]) {
  return (results[0]?.contestants ?? []).map(({ name }, index) => ({
    name,
    ...averageAccuracy(results.flatMap((result) => result.contestants[index]?.scores ?? []))
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

/** Evaluates the tasks one after the other; Ctrl-C ends the row, and what is finished stays. */
async function evaluateAll(
  reference: ModelReference,
  tasks: readonly TaskSource[],
  options: EvaluateOptions,
  session: CommandSession
): Promise<EvaluationResult[]> {
  const { engine, signal, progress } = session
  const { split, within, limit, device } = options
  const report = await engine.call('models.inspect', reference, { signal })
  const predictions = await openPredictionsFile(options.predictions)
  const results: EvaluationResult[] = []
  try {
    for (const [index, task] of tasks.entries()) {
      const place = tasks.length === 1 ? '' : ` (task ${index + 1} of ${tasks.length})`
      const result = await engine.call(
        'evaluation.run',
        {
          model: reference,
          task,
          split,
          contestants: await findContestants(task, options, report, session),
          rankWithin: within,
          limit: limit ?? null,
          device
        },
        { signal, onProgress: (update) => progress.show({ ...update, label: `${update.label}${place}` }) }
      )
      results.push(result)
      await predictions.add(result)
    }
  } catch (error) {
    if (!signal.aborted || results.length === 0) throw error
  } finally {
    await predictions.close()
  }
  return results
}

export function addEvaluateCommand(program: Command): void {
  const command = program
    .command('evaluate')
    .description('query a model with prompts on a task and score its answers')
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
    .option('--seed <n>', 'seed of the random vectors', parseSeed, 0)
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
        const results = await evaluateAll(reference, tasks, options, session)
        progress.end()
        print(results, output)
        const left = tasks.length - results.length
        if (left > 0) output.line(`cancelled: ${left} of ${tasks.length} tasks were not evaluated`)
        output.result({ results, averages: averages(results) })
        return signal.aborted ? exitCodes.cancelled : undefined
      })
    )
}
