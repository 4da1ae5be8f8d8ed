/** `anchorage suggest-sources`: which of the sources to transfer from, chosen without labels by agreement. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { type Centre, centreSchema, defaultCentre, defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import { subsetsOf } from '#main/experiments/plan/subsets.ts'
import { modelFolder } from '../model-folder.ts'
import { parseInputs, parseNonNegative, parseSeed } from '../numbers.ts'
import { taskName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { addTaskOptions, findTasks, type TaskOptions } from '../task-options.ts'
import { commonTemplate, namedTeachers, readTeachers, type Teacher, transferable } from '../teachers.ts'
import {
  addSourceOptions,
  ridgeHelp,
  type SourceOptions,
  sharedAnchors,
  type TransferOptions
} from '../transfer-options.ts'

/** Of more there are too many sets to ask the target with each. */
const mostSources = 6

type SuggestOptions = TaskOptions &
  SourceOptions &
  Pick<TransferOptions, 'target' | 'anchors' | 'case' | 'ridge'> & {
    readonly centre: Centre
    readonly inputs: number | 'all'
    readonly inputsFile?: string
    readonly seed: number
    readonly device: string
  }

type Suggestion = {
  readonly task: string
  readonly inputs: number
  /** Best first: the sources by their folders, with the weights given, and the share of inputs answered as by all of them. */
  readonly sets: readonly { readonly sources: readonly string[]; readonly agreement: number }[]
}

/** Every set of the sources, transferred and asked. */
async function suggest(
  task: TaskSource,
  teachers: readonly Teacher[],
  options: SuggestOptions,
  session: CommandSession
): Promise<Suggestion> {
  const { engine, signal, progress } = session
  const { inputs, inputsFile, seed, device, centre, ridge = defaultRidgeOf(centre) } = options
  const ready = await readTeachers(teachers, task, options.vectors, session)
  const sources = transferable(ready)
  const target = { folder: modelFolder(options.target) }
  const { anchors } = await sharedAnchors(options.source, options, session)
  const basis = await engine.call(
    'transfer.mixingBasis',
    {
      sources: sources.map(({ template: _, ...source }) => source),
      ...{ target, anchors, centre, ridge, device },
      mask: { kind: 'all' },
      rescale: 'after'
    },
    { signal }
  )
  const indices = sources.map((_, index) => index)
  // Larger sets first: of sets that agree equally well the largest is suggested.
  const sets = subsetsOf(indices, 1, indices.length).reverse()
  const template = commonTemplate(sources)
  const conditions = sets.map((set) => {
    const { prompt } = mix(
      basis,
      sources.map(({ weight }, index) => (set.includes(index) ? weight : 0))
    )
    return { kind: 'prompt', name: set.join(' '), vectors: prompt, template } as const
  })
  const asked = await engine.call(
    'tuning.agreement',
    {
      teachers: ready,
      ...{ model: target, task, conditions, seed, device },
      inputs: inputs === 'all' ? null : inputs,
      inputsFile: inputsFile === undefined ? null : resolve(inputsFile)
    },
    { signal, onProgress: progress.show }
  )
  return {
    task: taskName(task),
    inputs: asked.inputs,
    sets: sets
      .map((set, index) => ({
        sources: set.map((source) => options.source[source] ?? ''),
        agreement: asked.agreement[index] ?? 0
      }))
      .sort((a, b) => b.agreement - a.agreement)
  }
}

async function suggestSources(options: SuggestOptions, session: CommandSession): Promise<void> {
  const teachers = namedTeachers(options)
  if (teachers.length < 2 || teachers.length > mostSources)
    throw new AnchorageError('bad-argument', `Sources are chosen among 2 to ${mostSources}.`, {
      where: '--source',
      found: `${teachers.length} of them`,
      next: 'Name the sources that are worth comparing: the target is asked with every set of them.'
    })
  const suggestions: Suggestion[] = []
  for (const task of await findTasks(options, session))
    suggestions.push(await suggest(task, teachers, options, session))
  session.progress.end()
  const percent = (share: number): string => (100 * share).toFixed(1)
  session.output.table(
    ['task', 'sources', 'agreement %', 'all sources %', 'inputs'],
    suggestions.map(({ task, inputs, sets }) => {
      const all = sets.find(({ sources }) => sources.length === teachers.length)
      const [best] = sets
      const suggested = best?.sources.join(' + ') ?? ''
      return [task, suggested, percent(best?.agreement ?? 0), percent(all?.agreement ?? 0), inputs]
    })
  )
  session.output.result(suggestions)
}

export function addSuggestSourcesCommand(command: Command): void {
  addSourceOptions(command)
    .option('--inputs <n>', 'how many unlabelled inputs, or all', parseInputs, 16)
    .option('--inputs-file <file>', 'inputs of the task, one a line (default: those of the train split)')
    .addOption(
      new Option('--centre <which>', 'as for transfer').choices(centreSchema.options).default(defaultCentre)
    )
    .option('--ridge <lambda>', `λ (${ridgeHelp})`, parseNonNegative)
    .option('--seed <n>', 'which inputs are drawn', parseSeed, 0)
    .option('--device <name>', 'cpu, webgpu, cuda, …, or auto', 'auto')
  addTaskOptions(command)
    .addHelpText(
      'after',
      `
Example:
  $ anchorage suggest-sources --source bert-base --prompt prompts/bert-base --source roberta-base --prompt prompts/roberta-base \\
      --vectors 5 --target albert-base --case fold --relations trex --common-vocabulary common_vocab_cased.txt`
    )
    .action((options: SuggestOptions, invoked: Command) =>
      runInSession(invoked, async (session) => {
        await suggestSources(options, session)
        return undefined
      })
    )
}
