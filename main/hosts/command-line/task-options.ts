/** The options by which commands name tasks: one relation, every relation below a folder, or labelled texts. */
import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { modelFolder } from './model-folder.ts'
import type { Output } from './output.ts'
import type { CommandSession } from './session.ts'

export type TaskOptions = {
  readonly relation?: string
  readonly relations?: string
  readonly metainfo?: string
  readonly commonVocabulary?: string
  readonly train?: string
  readonly dev?: string
  readonly test?: string
  readonly labelWord?: Readonly<Record<string, string>>
  readonly textColumn: string
  readonly labelColumn: string
  readonly manualTemplate?: string
}

function addLabelWord(text: string, words: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at > 0 && at < text.length - 1) return { ...words, [text.slice(0, at)]: text.slice(at + 1) }
  throw new AnchorageError('bad-argument', 'A label word was not understood.', {
    where: '--label-word',
    found: text,
    expected: 'LABEL=WORD, for example 1=great'
  })
}

/** Adds the options that {@link findTasks} reads. */
export function addTaskOptions(command: Command): Command {
  return command
    .option('--relation <folder>', 'a LAMA or OptiPrompt relation: a folder with train, dev, test .jsonl')
    .option('--relations <folder>', 'every relation below a folder')
    .option('--metainfo <file>', 'LAMA_relations.jsonl, where it does not lie beside or above the relations')
    .option('--common-vocabulary <file>', 'words that predictions are ranked within, one per line')
    .option('--train <file>', 'labelled texts to tune on (.tsv, .csv, .jsonl)')
    .option('--dev <file>', 'labelled texts to validate with')
    .option('--test <file>', 'labelled texts to test with')
    .option('--label-word <label=word>', 'the word that stands for a label; once per label', addLabelWord)
    .option('--text-column <name>', 'column of the texts', 'text')
    .option('--label-column <name>', 'column of the labels', 'label')
    .option('--manual-template <template>', 'manual template of the task, for example "[X] It was [MASK] ."')
}

function classification(options: TaskOptions): TaskSource {
  const { train, dev, test, labelWord, textColumn, labelColumn, manualTemplate } = options
  const files = Object.fromEntries(
    Object.entries({ train, dev, test }).flatMap(([split, file]) =>
      file === undefined ? [] : [[split, resolve(file)]]
    )
  )
  const first = train ?? dev ?? test ?? ''
  if (labelWord === undefined) {
    throw new AnchorageError('bad-argument', 'Labelled texts need a word for each label.', {
      where: first,
      expected: '--label-word 0=bad --label-word 1=great',
      next: 'Name the label as it is in the file, then the word that stands for it.'
    })
  }
  return {
    kind: 'classification',
    name: basename(dirname(resolve(first))),
    files,
    textColumn,
    labelColumn,
    labelWords: labelWord,
    template: manualTemplate ?? null
  }
}

/**
 * The tasks that the options name.
 * @throws `bad-argument` unless one kind of task is named
 */
export async function findTasks(
  options: TaskOptions,
  { engine, signal }: CommandSession
): Promise<TaskSource[]> {
  const { relation, relations, train, dev, test } = options
  const hasFiles = [train, dev, test].some((file) => file !== undefined)
  if ([relation !== undefined, relations !== undefined, hasFiles].filter(Boolean).length !== 1) {
    throw new AnchorageError('bad-argument', 'One task, or one folder of tasks, must be named.', {
      expected: '--relation FOLDER, --relations FOLDER, or files with --train, --dev, --test'
    })
  }
  if (hasFiles) return [classification(options)]
  const folders =
    relations === undefined
      ? [resolve(relation ?? '')]
      : (await engine.call('tasks.findRelations', { folder: resolve(relations) }, { signal })).map(
          ({ folder }) => folder
        )
  const { metainfo, commonVocabulary, manualTemplate } = options
  return folders.map((folder) => ({
    kind: 'relation',
    folder,
    metainfo: metainfo === undefined ? undefined : resolve(metainfo),
    commonVocabulary: commonVocabulary === undefined ? null : resolve(commonVocabulary),
    template: manualTemplate
  }))
}

/** Shows the label words of classification as the model's tokens; nothing for relations. */
export async function showLabelWords(
  model: string,
  [task]: readonly TaskSource[],
  { engine, signal }: CommandSession,
  output: Output
): Promise<void> {
  if (task?.kind !== 'classification') return
  const words = Object.values(task.labelWords)
  const described = await engine.call(
    'tasks.labelWords',
    { model: { folder: modelFolder(model) }, words },
    { signal }
  )
  for (const { word, tokens, usable } of described) {
    const ids = tokens.map(({ id, text }) => `${id} "${text}"`).join(', ')
    output.line(`label word ${word}: ${ids}${usable ? '' : ' (not one known token, so never predicted)'}`)
  }
}
