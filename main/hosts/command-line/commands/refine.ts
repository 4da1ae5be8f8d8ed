/** `anchorage refine`: tunes a prompt on the target with the sources' own answers to inputs without labels. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import { type PromptFormat, promptFormats } from '#engine/common/contract/prompts.ts'
import {
  describeRefinement,
  type RefinementRequest,
  type RefinementResult,
  refinementRequestSchema
} from '#engine/common/contract/refinement.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { type Centre, centreSchema, defaultCentre, defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import { modelFolder } from '../model-folder.ts'
import {
  parseInputs,
  parseNonNegative,
  parseNumber,
  parsePositive,
  parsePositiveInteger,
  parseSeed
} from '../numbers.ts'
import { findPrompt, requireFree, taskName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { addTaskOptions, findTasks, type TaskOptions } from '../task-options.ts'
import { commonTemplate, namedTeachers, readTeachers, type Teacher, transferable } from '../teachers.ts'
import {
  collect,
  ridgeHelp,
  type SourceOptions,
  sharedAnchors,
  type TransferOptions
} from '../transfer-options.ts'
import { writeTunedPrompt } from '../write-tuned-prompt.ts'

type RefineOptions = TaskOptions &
  SourceOptions &
  Pick<TransferOptions, 'target' | 'anchors' | 'case' | 'ridge'> & {
    readonly centre: Centre
    readonly start: string
    readonly inputs: number | 'all'
    readonly inputsFile?: string
    readonly targets: RefinementRequest['targets']
    readonly leastConfidence: number
    readonly epochs: number
    readonly learningRate: number
    readonly seed: number
    readonly device: string
    readonly out: string
    readonly format?: PromptFormat
    readonly overwrite?: boolean
  }

type Asked = EngineArguments<'tuning.refine'>
type Refined = { readonly task: string; readonly files: readonly string[]; readonly result: RefinementResult }

/** The sources' own prompts transferred to the target, by all anchors. */
async function transferStart(
  teachers: Asked['teachers'],
  options: RefineOptions,
  session: CommandSession
): Promise<Pick<Asked, 'start' | 'template'>> {
  const { engine, signal } = session
  const { anchors } = await sharedAnchors(options.source, options, session)
  const sources = transferable(teachers)
  const { prompt } = await engine.call(
    'transfer.run',
    {
      sources: sources.map(({ template: _, ...source }) => source),
      target: { folder: modelFolder(options.target) },
      anchors,
      mask: { kind: 'all' },
      centre: options.centre,
      search: { kind: 'exact', ridge: options.ridge ?? defaultRidgeOf(options.centre) },
      rescale: 'after',
      device: options.device
    },
    { signal }
  )
  return { start: { kind: 'prompt', vectors: prompt }, template: commonTemplate(sources) }
}

/** Where the prompt of the target starts. */
async function findStart(
  teachers: Asked['teachers'],
  task: TaskSource,
  model: ModelReport,
  options: RefineOptions,
  session: CommandSession
): Promise<Pick<Asked, 'start' | 'template'>> {
  const { start, vectors } = options
  switch (start) {
    case 'transferred':
      return await transferStart(teachers, options, session)
    case 'manual':
      return { start: { kind: 'manual' } }
    case 'random':
      return { start: { kind: 'random', vectors: vectors ?? 5 } }
    default: {
      const choice = { path: await findPrompt(start, task), model }
      const found = await session.engine.call('prompts.read', choice, { signal: session.signal })
      return { start: { kind: 'prompt', vectors: found.vectors }, template: found.template }
    }
  }
}

async function refineTask(
  task: TaskSource,
  teachers: readonly Teacher[],
  options: RefineOptions,
  session: CommandSession
): Promise<Refined> {
  const { engine, signal, progress } = session
  const model = { folder: modelFolder(options.target) }
  const report = await engine.call('models.inspect', model, { signal })
  const asked = await readTeachers(teachers, task, options.vectors, session)
  const { inputs, inputsFile, targets, leastConfidence, epochs, learningRate, seed, device } = options
  const result = await engine.call(
    'tuning.refine',
    {
      teachers: asked,
      model,
      task,
      ...(await findStart(asked, task, report, options, session)),
      inputs: inputs === 'all' ? null : inputs,
      inputsFile: inputsFile === undefined ? null : resolve(inputsFile),
      targets,
      leastConfidence,
      settings: { epochs, learningRate, validationsPerEpoch: 1 },
      seed,
      device
    },
    { signal, onProgress: progress.show }
  )
  const how = `refined: ${describeRefinement(result)}; seed ${options.seed}`
  const files = await writeTunedPrompt(task, result, how, report, options, session)
  return { task: taskName(task), result, files }
}

async function refine(options: RefineOptions, session: CommandSession): Promise<void> {
  const { output, progress } = session
  const tasks = await findTasks(options, session)
  if (options.overwrite !== true) await requireFree(options.out, tasks)
  const teachers = namedTeachers(options)
  const refined: Refined[] = []
  for (const task of tasks) refined.push(await refineTask(task, teachers, options, session))
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
    output.line(`${task}: ${describeRefinement(result)}`)
    for (const note of result.notes) output.line(`note: ${task}: ${note}`)
    for (const file of files) output.line(`written ${file}`)
  }
  output.result(refined.map(({ task, result, files }) => ({ task, labels: 'none', files, result })))
}

export function addRefineCommand(command: Command): void {
  command
    .requiredOption('--source <model>', 'teacher: a source model folder; once per source', collect(String))
    .requiredOption(
      '--prompt <path>',
      'prompt of that source: a file, a tree of relations, or manual for its manual template',
      collect(String)
    )
    .option('--weight <w>', 'weight of that source (default: 1 each)', collect(parsePositive))
    .option('--vectors <m>', 'only the first m rows of each prompt; of a random start', parsePositiveInteger)
    .requiredOption('--target <model>', 'target model folder with an ONNX graph')
    .requiredOption('--out <file>', 'file to write; {task} in it stands for the name of each task')
    .option(
      '--start <where>',
      'transferred (the sources’ prompts), manual (its tokens), random, or a prompt of the target',
      'transferred'
    )
    .option('--inputs <n>', 'how many unlabelled inputs, or all', parseInputs, 16)
    .option('--inputs-file <file>', 'inputs of the task, one a line (default: those of the train split)')
    .addOption(
      new Option('--targets <kind>', 'tune on the best word of each answer, or on its distribution')
        .choices(refinementRequestSchema.shape.targets.unwrap().options)
        .default('hard')
    )
    .option('--least-confidence <p>', 'only answers of at least this probability', parseNumber, 0)
    .option('--epochs <n>', 'passes over the inputs', parsePositiveInteger, 50)
    .option('--learning-rate <rate>', 'highest learning rate', parseNumber, 3e-3)
    .option('--seed <n>', 'which inputs are drawn, and their order', parseSeed, 0)
    .option('--anchors <file>', 'transferred: anchors to use (default: every word that the models share)')
    .addOption(
      new Option('--case <policy>', 'fold: let a model that lower-cases share words')
        .choices(['exact', 'fold'])
        .default('exact')
    )
    .addOption(
      new Option('--centre <which>', 'transferred: as for transfer')
        .choices(centreSchema.options)
        .default(defaultCentre)
    )
    .option('--ridge <lambda>', `transferred: λ (${ridgeHelp})`, parseNonNegative)
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name)').choices(promptFormats)
    )
    .option('--overwrite', 'replace what is there')
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
  addTaskOptions(command)
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
