/** `anchorage tune`: induces a prompt on a model from labelled examples, one task or a queue of relations. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { defaults } from '#engine/common/contract/defaults.ts'
import type { EngineArguments, Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import { type PromptFormat, type PromptModel, promptFormats } from '#engine/common/contract/prompts.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import {
  type TuningResult,
  type TuningSettings,
  tuningSettingsSchema
} from '#engine/common/contract/tuning.ts'
import type { FileTuning } from '#main/experiments/plan/order-references.ts'
import type { Project } from '#main/project/project.ts'
import { exitCodes } from '../exit-codes.ts'
import { maybeInProject } from '../in-project.ts'
import { modelFolder } from '../model-folder.ts'
import { parseNumber, parsePositiveInteger, parseSeed } from '../numbers.ts'
import type { Output } from '../output.ts'
import { requireFree, taskName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { describeSkipped } from '../skipped-examples.ts'
import { addTaskOptions, findTasks, showLabelWords, type TaskOptions, weightsHelp } from '../task-options.ts'
import { tuneInProject } from '../tune-in-project.ts'
import { writeTunedPrompt } from '../write-tuned-prompt.ts'

type TuneOptions = TaskOptions &
  TuningSettings & {
    readonly vectors: number
    readonly start: string
    readonly template?: string
    readonly seed: number
    readonly device: string
    readonly out: string
    readonly format?: PromptFormat
    readonly padRows?: boolean
    readonly overwrite?: boolean
    readonly weights?: string
    readonly project?: string
  }

type Tuned = { readonly task: string; readonly files: readonly string[]; readonly result: TuningResult }

/** Where the vectors start, as the engine is asked for it and as a project plans it, with the template of a prompt file. */
type Start = Pick<EngineArguments<'tuning.run'>, 'start'> & {
  readonly file: FileTuning['start']
  readonly template: string | null
}

async function readStart(
  { start, vectors }: TuneOptions,
  vectorsGiven: boolean,
  model: PromptModel,
  { engine, signal }: CommandSession
): Promise<Start> {
  if (start === 'random' || start === 'manual') {
    const where = start === 'random' ? ({ kind: start, vectors } as const) : ({ kind: start } as const)
    return { start: where, file: where, template: null }
  }
  const choice = { path: resolve(start), ...(vectorsGiven ? { vectors } : {}), model }
  const prompt = await engine.call('prompts.read', choice, { signal })
  return {
    start: { kind: 'prompt', vectors: prompt.vectors },
    file: { kind: 'prompt', choice },
    template: prompt.template
  }
}

/** Refuses a start from words with a template of vectors, before anything is opened. */
function requireWords({ start, template }: TuneOptions): void {
  if (start !== 'manual' || template === undefined || !/\[V\d+\]/.test(template)) return
  throw new AnchorageError('bad-argument', 'A manual template has words, not prompt vectors.', {
    where: '--template beside --start manual',
    found: template,
    expected: 'words around [X] and [MASK], which the vectors start from',
    next: 'Leave --template out to start from the manual template of the task.'
  })
}

/** Every setting of the recipe, from the options of the same names. */
function settingsOf(options: TuneOptions): TuningSettings {
  const { learningRate, batchSize, epochs, warmup, validationsPerEpoch, weightDecay, epsilon } = options
  const { biasCorrection, shuffle, patience, lossOver } = options
  return {
    learningRate,
    batchSize,
    epochs,
    warmup,
    validationsPerEpoch,
    weightDecay,
    epsilon,
    biasCorrection,
    shuffle,
    patience,
    lossOver
  }
}

/** Tunes task by task and writes each prompt at once; Ctrl-C keeps the best so far and ends the queue. */
async function tuneAll(
  model: ModelReference,
  tasks: readonly TaskSource[],
  options: TuneOptions,
  vectorsGiven: boolean,
  session: CommandSession,
  project: Project | null
): Promise<Tuned[]> {
  const { engine, signal, progress } = session
  const report = await engine.call('models.inspect', model, { signal })
  const { start, file, ...given } = await readStart(options, vectorsGiven, report, session)
  const { seed, device, template = given.template } = options
  const asked = { model, template, settings: settingsOf(options), seed, device }
  const tuned: Tuned[] = []
  try {
    for (const [index, task] of tasks.entries()) {
      if (signal.aborted) break
      const place = tasks.length === 1 ? '' : `, task ${index + 1} of ${tasks.length}`
      const control = {
        signal,
        onProgress: (update: Progress) => progress.show({ ...update, label: `${update.label}${place}` })
      }
      const result =
        project === null
          ? await engine.call('tuning.run', { ...asked, task, start }, control)
          : await tuneInProject(project, { ...asked, task, start: file }, control)
      const how = `tuned with seed ${seed}, step ${result.chosenStep}`
      const files = await writeTunedPrompt(task, result, how, report, options, session)
      tuned.push({ task: taskName(task), files, result })
    }
  } catch (error) {
    if (!signal.aborted || tuned.length === 0) throw error
  }
  return tuned
}

function bestAccuracy({ validations, chosenStep }: TuningResult): string {
  const chosen = validations.find(({ step }) => step === chosenStep)
  return chosen === undefined ? '–' : (100 * chosen.accuracy).toFixed(1)
}

function print(tuned: readonly Tuned[], output: Output): void {
  output.table(
    ['task', 'train', 'dev', 'steps', 'last loss', 'chosen step', 'chosen by', 'dev P@1 %', 'ended'],
    tuned.map(({ task, result }) => [
      task,
      result.examples.train.used,
      result.examples.dev.used,
      result.loss.length,
      Number((result.loss.at(-1) ?? Number.NaN).toFixed(4)),
      result.chosenStep,
      result.selection,
      bestAccuracy(result),
      result.ended
    ])
  )
  output.line()
  for (const { task, files, result } of tuned) {
    const { train, dev } = result.examples
    const skipped = `skipped: train ${describeSkipped(train.skipped)}; dev ${describeSkipped(dev.skipped)}`
    output.line(`${task}: ${result.template}  on ${result.device}; ${skipped}`)
    for (const note of result.notes) output.line(`note: ${task}: ${note}`)
    for (const file of files) output.line(`written ${file}`)
  }
}

function addRecipeOptions(command: Command): Command {
  const recipe = tuningSettingsSchema.parse({})
  return command
    .option('--learning-rate <rate>', 'highest learning rate', parseNumber, recipe.learningRate)
    .option('--batch-size <n>', 'examples per step', parsePositiveInteger, recipe.batchSize)
    .option('--epochs <n>', 'passes over the examples', parsePositiveInteger, recipe.epochs)
    .option(
      '--warmup <share>',
      'share of the steps over which the learning rate rises',
      parseNumber,
      recipe.warmup
    )
    .option(
      '--validations-per-epoch <n>',
      'validations on the dev split',
      parsePositiveInteger,
      recipe.validationsPerEpoch
    )
    .option('--weight-decay <w>', 'decoupled weight decay', parseNumber, recipe.weightDecay)
    .option('--epsilon <e>', "Adam's epsilon", parseNumber, recipe.epsilon)
    .option('--bias-correction', "correct Adam's moments for their start (OptiPrompt does not)", false)
    .option('--no-shuffle', 'deal the examples to batches in their order')
    .option('--patience <n>', 'stop after n validations without a better one', parsePositiveInteger, null)
    .addOption(
      new Option('--loss-over <words>', "cross entropy over the whole vocabulary or the task's candidates")
        .choices(['vocabulary', 'candidates'])
        .default(recipe.lossOver)
    )
}

export function addTuneCommand(command: Command): void {
  command
    .argument('<model>', 'model folder with an ONNX graph')
    .option('--weights <file>', weightsHelp)
    .requiredOption('--out <file>', 'file to write; {task} in it stands for the name of each task')
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name)').choices(promptFormats)
    )
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .option('--overwrite', 'replace what is there')
    .option('--project <file>', 'project file that records each tuning as a run, with its prompt')
    .option('--vectors <m>', 'number of vectors', parsePositiveInteger, defaults.length)
    .option(
      '--start <where>',
      "random, manual (the manual template's tokens), or a prompt file to polish",
      'random'
    )
    .option('--template <template>', 'where the vectors stand (default: "[X] [V1] .. [MASK] .")')
    .option('--seed <n>', 'seed of the start and of the order of examples', parseSeed, defaults.seed)
    .option('--device <device>', 'auto, cpu, webgpu, cuda, dml or coreml', 'auto')
  addRecipeOptions(addTaskOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage tune models/bert-base-cased --relation trex/P19 --vectors 5 --out P19.safetensors
  $ anchorage tune models/roberta-base --relations trex --common-vocabulary common_vocab_cased.txt \\
      --out tuned/{task}/prompt_vecs.npy
  $ anchorage tune models/bert-large-cased --relation trex/P19 --start transferred.safetensors --epochs 1 \\
      --out polished.safetensors`
    )
    .action((model: string, options: TuneOptions, invoked: Command) =>
      runInSession(invoked, async (session) => {
        requireWords(options)
        const { output, progress, signal } = session
        const tasks = await findTasks(options, session)
        if (options.overwrite !== true) await requireFree(options.out, tasks)
        const reference = { folder: modelFolder(model), weights: options.weights }
        await showLabelWords(reference, tasks, session, output)
        const vectorsGiven = invoked.getOptionValueSource('vectors') !== 'default'
        const tuned = await maybeInProject(options.project, session, (project) =>
          tuneAll(reference, tasks, options, vectorsGiven, session, project)
        )
        progress.end()
        print(tuned, output)
        const left = tasks.length - tuned.length
        if (left > 0) output.line(`cancelled: ${left} of ${tasks.length} tasks were not tuned`)
        if (options.project !== undefined) output.line(`recorded in ${options.project}`)
        output.result(tuned.map(({ task, files, result }) => ({ task, files, result })))
        return signal.aborted ? exitCodes.cancelled : undefined
      })
    )
}
