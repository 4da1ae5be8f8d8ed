/** What `anchorage refine` is asked for: its options, and the method that a project records them as. */
import { type Command, Option } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type RefineMethod, refineSchema } from '#engine/common/contract/methods.ts'
import { type PromptFormat, promptFormats } from '#engine/common/contract/prompts.ts'
import { type Centre, centreSchema, defaultCentre, defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import type { TuningSettings } from '#engine/common/contract/tuning.ts'
import { ridgeHelp } from './method-options.ts'
import {
  parseInputs,
  parseNonNegative,
  parseNumber,
  parsePositive,
  parsePositiveInteger,
  parseSeed
} from './numbers.ts'
import type { TaskOptions } from './task-options.ts'
import type { Teacher } from './teachers.ts'
import { collect, type SourceOptions, type TransferOptions } from './transfer-options.ts'

export type RefineOptions = TaskOptions &
  SourceOptions &
  Pick<TransferOptions, 'target' | 'anchors' | 'case' | 'ridge'> &
  Pick<RefineMethod, 'teacher' | 'targets' | 'leastConfidence' | 'epochs' | 'learningRate'> & {
    readonly centre: Centre
    /** One of the method's, or a prompt of the target. */
    readonly start: string
    readonly inputs: number | 'all'
    readonly inputsFile?: string
    readonly seed: number
    readonly device: string
    readonly out: string
    readonly format?: PromptFormat
    readonly overwrite?: boolean
    readonly project?: string
  }

export function ridgeOf({ ridge, centre }: RefineOptions): number {
  return ridge ?? defaultRidgeOf(centre)
}

/** The method that a project records. @throws `bad-argument` for what no run can say */
export function recordedMethod(
  options: RefineOptions,
  teachers: readonly Teacher[],
  settings: TuningSettings
): RefineMethod {
  const start = refineSchema.shape.start.safeParse(options.start)
  const unrecorded = [
    ...(start.success ? [] : [`--start ${options.start}`]),
    ...(options.inputsFile === undefined ? [] : ['--inputs-file']),
    ...(teachers.some(({ path }) => path === 'manual') ? ['--prompt manual'] : [])
  ]
  if (unrecorded.length > 0)
    throw new AnchorageError('bad-argument', 'A project can not record this refinement.', {
      where: `--project beside ${unrecorded.join(', ')}`,
      expected:
        'prompts of the sources, inputs of the train split, and a start that is transferred, manual or random',
      next: 'Leave --project out, or say --teacher manual beside prompts of the sources.'
    })
  const { inputs, targets, leastConfidence, teacher } = options
  return {
    kind: 'refine',
    start: refineSchema.shape.start.parse(options.start),
    ridge: ridgeOf(options),
    teacher,
    inputs: inputs === 'all' ? null : inputs,
    targets,
    leastConfidence,
    ...settings
  }
}

/** Adds every option but the task's. */
export function addRefineOptions(command: Command): Command {
  return command
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
        .choices(refineSchema.shape.targets.unwrap().options)
        .default('hard')
    )
    .addOption(
      new Option('--teacher <what>', 'what the sources answer by: their own prompts, or the manual template')
        .choices(refineSchema.shape.teacher.unwrap().options)
        .default('prompts')
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
    .option('--project <file>', 'project file that records each refinement as a run, with its prompt')
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
}
