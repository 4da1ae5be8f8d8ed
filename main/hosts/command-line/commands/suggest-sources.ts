/** `anchorage suggest-sources`: which of the sources to transfer from, chosen without labels by agreement. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { SuggestedSources } from '#engine/common/contract/refinement.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { type Centre, centreSchema, defaultCentre, defaultRidgeOf } from '#engine/common/contract/transfer.ts'
import { requireSuggestible, suggestSources } from '#main/experiments/suggest-sources.ts'
import { ridgeHelp } from '../method-options.ts'
import { modelFolder } from '../model-folder.ts'
import { parseInputs, parseNonNegative, parseSeed } from '../numbers.ts'
import { taskName } from '../prompt-paths.ts'
import { type CommandSession, runInSession } from '../session.ts'
import { addTaskOptions, findTasks, type TaskOptions } from '../task-options.ts'
import { commonTemplate, namedTeachers, readTeachers, type Teacher, transferable } from '../teachers.ts'
import {
  addSourceOptions,
  type SourceOptions,
  sharedAnchors,
  type TransferOptions
} from '../transfer-options.ts'

type SuggestOptions = TaskOptions &
  SourceOptions &
  Pick<TransferOptions, 'target' | 'anchors' | 'case' | 'ridge'> & {
    readonly centre: Centre
    readonly inputs: number | 'all'
    readonly inputsFile?: string
    readonly seed: number
    readonly device: string
  }

type Suggestion = SuggestedSources & { readonly task: string }

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
  const { anchors } = await sharedAnchors(options.source, options, session)
  const suggested = await suggestSources(
    engine,
    {
      sides: {
        sources: sources.map(({ template: _, ...source }) => source),
        target: { folder: modelFolder(options.target) },
        ...{ anchors, centre, ridge, device },
        mask: { kind: 'all' },
        rescale: 'after'
      },
      asked: {
        teachers: ready,
        ...{ task, seed, device },
        inputs: inputs === 'all' ? null : inputs,
        inputsFile: inputsFile === undefined ? null : resolve(inputsFile)
      },
      template: commonTemplate(sources)
    },
    { signal, onProgress: progress.show }
  )
  return { task: taskName(task), ...suggested }
}

async function suggestForTasks(options: SuggestOptions, session: CommandSession): Promise<void> {
  const teachers = namedTeachers(options)
  requireSuggestible(teachers.length)
  const folders = (set: readonly number[]): string[] => set.map((place) => options.source[place] ?? '')
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
      const suggested = folders(best?.sources ?? []).join(' + ')
      return [task, suggested, percent(best?.agreement ?? 0), percent(all?.agreement ?? 0), inputs]
    })
  )
  session.output.result(
    suggestions.map(({ task, inputs, sets }) => ({
      task,
      inputs,
      sets: sets.map(({ sources, agreement }) => ({ sources: folders(sources), agreement }))
    }))
  )
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
        await suggestForTasks(options, session)
        return undefined
      })
    )
}
