/**
 * The figures that the paper prints: Wu, Wu and Mou, "Zero-Shot Continuous Prompt Transfer: Generalizing Task Semantics
 * Across Language Models" (ICLR 2024), Tables 1, 2, 3, 5 and 6. Accuracy in percent; Figures 2 to 4 print no numbers.
 */
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import { type Condition, isRelative } from './conditions.ts'
import { groupBy } from './group-by.ts'
import { type PaperModel, paperModel } from './paper-models.ts'

/** `ours`: the method, whichever way it searches; else the kind of a method. */
type PublishedMethod =
  | 'ours'
  | 'random'
  | 'manual'
  | 'direct-tuning'
  | 'direct-copy'
  | 'discretization'
  | 'projector'
type PublishedTask = 'lama' | 'sst-2' | 'dbpedia'

/** By the name of the task set. */
export type PublishedTasks = ReadonlyMap<string, PublishedTask>

export type PublishedFigure = {
  readonly table: 1 | 2 | 3 | 5 | 6
  readonly method: PublishedMethod
  readonly sources: readonly PaperModel[]
  readonly target: PaperModel
  readonly task: PublishedTask
  /** In percent. */
  readonly accuracy: number
}

type Row = readonly [sources: readonly PaperModel[], ...accuracies: (number | null)[]]

/** The figures of one method in a table: rows are sources, columns are targets; null is a dash. */
function rowsOf(
  table: 1 | 2 | 3 | 5,
  method: PublishedMethod,
  targets: readonly PaperModel[],
  rows: readonly Row[]
): PublishedFigure[] {
  return rows.flatMap(([sources, ...accuracies]) =>
    targets.flatMap((target, column): PublishedFigure[] => {
      const accuracy = accuracies[column] ?? null
      return accuracy === null ? [] : [{ table, method, sources, target, task: 'lama', accuracy }]
    })
  )
}

const mainTargets = [
  'bert-base',
  'bert-large',
  'roberta-base',
  'roberta-large',
  'albert-base',
  'albert-large'
] as const
const mixedTargets = ['bert-base', 'roberta-base', 'gpt2-small', 'gpt2-medium', 'gpt2-large'] as const

/** Table 6: RoBERTa large as the target of two classification tasks. */
function classification(
  method: PublishedMethod,
  sources: readonly PaperModel[],
  sst2: number,
  dbpedia: number
): PublishedFigure[] {
  const common = { table: 6, method, sources, target: 'roberta-large' } as const
  return [
    { ...common, task: 'sst-2', accuracy: sst2 },
    { ...common, task: 'dbpedia', accuracy: dbpedia }
  ]
}

export const publishedFigures: readonly PublishedFigure[] = [
  ...rowsOf(1, 'direct-copy', ['roberta-base'], [[['bert-base'], 0.11]]),
  ...rowsOf(1, 'direct-copy', ['bert-base'], [[['roberta-base'], 0.12]]),
  ...rowsOf(1, 'direct-copy', ['roberta-large'], [[['bert-large'], 6.27]]),
  ...rowsOf(1, 'direct-copy', ['bert-large'], [[['roberta-large'], 0.49]]),

  ...rowsOf(2, 'random', mainTargets, [[[], 0, 0, 0, 0, 0, 0]]),
  ...rowsOf(2, 'manual', mainTargets, [[[], 30.64, 32.22, 20.48, 23.59, 18.63, 24.44]]),
  ...rowsOf(2, 'direct-tuning', mainTargets, [[[], 50.56, 51.97, 46.24, 41.06, 42.98, 43.78]]),

  ...rowsOf(3, 'discretization', mainTargets, [
    [['bert-base'], 12.93, 10.76, 10.88, 11.96, 11.44, 11.1],
    [['roberta-base'], 12.31, 10.35, 13.51, 11.01, 11.67, 12.33],
    [['bert-large'], 9, 11.02, 5.64, 11.93, 7.35, 6.66],
    [['roberta-large'], 1.35, 0.7, 2.28, 6.22, 3.15, 2.64]
  ]),
  ...rowsOf(3, 'projector', mainTargets, [
    [['bert-base'], 26.82, 12.49, 14.36, 9.78, 10.99, 18.77],
    [['roberta-base'], 23.46, 17.46, 35.37, 20.16, 11.63, 14.44],
    [['bert-large'], 3.15, 4.77, 5.64, 4.66, 8.18, 14.55],
    [['roberta-large'], 2.62, 3.2, 5.54, 12.8, 7.45, 8.25]
  ]),
  ...rowsOf(3, 'ours', mainTargets, [
    [['bert-base'], 49.82, 31.4, 17.68, 21.07, 20.83, 16.8],
    [['roberta-base'], 31.33, 27.52, 45.17, 25.09, 26.11, 24.72],
    [['bert-large'], 26.78, 50.21, 7.64, 16.91, 15.1, 13.44],
    [['roberta-large'], 3.81, 12.45, 3.63, 40.91, 4.48, 2.94],
    [['bert-base', 'bert-large'], 49.21, 47.78, 27.6, 23.21, 23.67, 22.32],
    [['bert-base', 'roberta-base'], 48.79, 32.83, 43.83, 25.26, 27.13, 26.54]
  ]),

  ...rowsOf(5, 'direct-tuning', mixedTargets, [[[], 50.56, 46.24, 31.62, 32.23, 34.44]]),
  ...rowsOf(5, 'manual', mixedTargets, [[[], 30.64, 20.48, 4.73, 8.01, 10.23]]),
  ...rowsOf(5, 'ours', mixedTargets, [
    [['bert-base'], null, 17.68, 10.46, 11.52, 5.5],
    [['roberta-base'], 31.33, null, 14.06, 13.7, 14.33],
    [['gpt2-small'], 6.58, 0.39, null, 13.72, 2.34],
    [['gpt2-medium'], 4.06, 0.5, 5.02, null, 1.79]
  ]),

  ...classification('direct-tuning', [], 90.94, 84.92),
  ...classification('manual', [], 69.95, 72.28),
  ...classification('ours', ['bert-base'], 82.45, 77.05),
  ...classification('ours', ['roberta-base'], 84.63, 80.81)
]

/** LAMA's TREx has so many relations, named as Wikidata names them. */
const lamaRelations = { count: 41, name: /^P\d+$/ }

/** The paper's task that a task set with these tasks is; null where it is another, or a part of one. */
function publishedTask(
  set: ExperimentResults['experiment']['tasks'][string] | undefined,
  name: string,
  tasks: ReadonlySet<string>
): PublishedTask | null {
  if (set === undefined || set.limit !== null) return null
  if (set.kind === 'relations') {
    const isLama =
      tasks.size === lamaRelations.count && [...tasks].every((task) => lamaRelations.name.test(task))
    return isLama ? 'lama' : null
  }
  const plain = name.toLowerCase().replaceAll(/[-_. ]/g, '')
  return plain === 'sst2' ? 'sst-2' : plain === 'dbpedia' ? 'dbpedia' : null
}

/** The task sets of an experiment that the paper prints figures of. */
export function publishedTasks({
  experiment,
  sections
}: Pick<ExperimentResults, 'experiment' | 'sections'>): PublishedTasks {
  const cells = sections.flatMap((section) => section.cells)
  const sets = groupBy(cells, ({ task }) => task.set)
  return new Map(
    [...sets].flatMap(([name, group]): [string, PublishedTask][] => {
      const task = publishedTask(experiment.tasks[name], name, new Set(group.map((cell) => cell.task.name)))
      return task === null ? [] : [[name, task]]
    })
  )
}

/** m of all tables. */
const paperLength = 5

/** The published figure of a condition; null where the paper has none, or it has other settings than the paper's. */
export function publishedFigure(condition: Condition, tasks: PublishedTasks): PublishedFigure | null {
  const { kind, sources, target, taskSet, length, centre, rescale } = condition
  const method = isRelative({ kind }) ? 'ours' : kind
  const names = sources.map(({ model }) => paperModel(model)).sort()
  const weighted = sources.some(({ weight }) => weight !== sources[0]?.weight)
  if (weighted || centre !== 'none' || rescale === 'none' || (length !== null && length !== paperLength))
    return null
  const [model, task] = [paperModel(target), tasks.get(taskSet)]
  return (
    publishedFigures.find(
      (figure) =>
        figure.method === method &&
        figure.target === model &&
        figure.task === task &&
        figure.sources.length === names.length &&
        [...figure.sources].sort().every((source, index) => source === names[index])
    ) ?? null
  )
}
