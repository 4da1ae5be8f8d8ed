/** What the torture asks of the program, by the names that commands, methods and answers have: in one list, for they may be renamed. */
import { join, resolve } from 'node:path'

export const repository = resolve(import.meta.dirname, '../..')
export const built = (name: string): string => join(repository, 'out', name)
export const sample = join(repository, 'assets/sample')
export const fixtures = join(repository, 'test/fixtures')

const sampleModel = (name: string): string => join(sample, 'models', name)

/** The grid that is killed: an Adam search for each relation of the sample and each seed. */
export const gridSeeds = [1, 2, 3, 4]
export const gridRelations = 22

/** Arguments of the command line. */
export const commands = {
  grid: (project: string, out: string): string[] => [
    ...['transfer', '--source', sampleModel('bert-small'), '--prompt', join(sample, 'prompts/bert-small')],
    ...['--vectors', '5', '--target', sampleModel('bert-large'), '--device', 'cpu', '--method', 'adam'],
    ...['--steps', '150', '--seeds', gridSeeds.join(','), '--project', project, '--out', out, '--overwrite']
  ],
  resume: (project: string): string[] => ['project', 'resume', project],
  info: (project: string): string[] => ['--json', 'project', 'info', project],
  sample: (out: string): string[] => ['sample', '--out', out],
  /** Commands with their arguments in the order in which they are given; what is tried takes their place. */
  misused: [
    ['models', 'inspect', '{path}'],
    ['prompts', 'inspect', '{path}'],
    ['anchors', 'show', '{path}'],
    ['graph', 'inspect', '{path}'],
    ['project', 'info', '{path}'],
    ['project', 'resume', '{path}'],
    ['project', 'export', '{path}', '--out', '{path}'],
    ['experiment', 'plan', '{path}'],
    ['experiment', 'run', '{path}', '--project', '{path}'],
    ['verify', '{path}'],
    ['doctor', '{path}'],
    ['sample', '--copy-to', '{path}'],
    ['evaluate', '--model', '{path}', '--prompt', '{path}', '--relation', '{path}'],
    ['tune', '--model', '{path}', '--relation', '{path}', '--out', '{path}'],
    ['transfer', '--source', '{path}', '--prompt', '{path}', '--target', '{path}', '--out', '{path}']
  ]
} as const

/** The exit codes that a command may end with when it is misused. */
export const orderlyExits: readonly number[] = [0, 1, 2, 3, 130]

/** Methods that take paths over the WebSocket, with a place for the path that is tried; `id` stands for any. */
export const pathMethods: readonly (readonly [
  method: string,
  make: (path: string) => Record<string, unknown>
])[] = [
  ['files.list', (folder) => ({ folder })],
  ['project.create', (path) => ({ path })],
  ['project.open', (path) => ({ path })],
  ['models.add', (folder) => ({ folder })],
  ['models.relocate', (folder) => ({ reported: { experimentId: 'any' }, folder })],
  ['prompts.inspect', (path) => ({ path })],
  ['prompts.import', (path) => ({ imports: [{ modelId: 'any', choice: { path } }] })],
  ['tasks.add', (folder) => ({ kind: 'relation', folder, commonVocabulary: null })],
  ['tasks.add', (path) => ({ kind: 'relation', folder: '{inside}', commonVocabulary: path })],
  ['tasks.add', (path) => ({ kind: 'relation', folder: '{inside}', metainfo: path, commonVocabulary: null })],
  [
    'tasks.add',
    (path) => ({
      kind: 'classification',
      name: 'x',
      files: { test: path },
      textColumn: 'text',
      labelColumn: 'label',
      template: '[X] [MASK]',
      labelWords: { a: 'a' }
    })
  ],
  ['tasks.addRelations', (folder) => ({ folder, commonVocabulary: null })],
  ['tasks.addRelations', (path) => ({ folder: '{inside}', commonVocabulary: path })],
  ['experiments.make', (path) => ({ template: 'pair', path })],
  ['experiments.readFile', (path) => ({ path })],
  ['experiments.writeFile', (path) => ({ path, text: 'owned' })],
  ['experiments.plan', (path) => ({ path })],
  ['experiments.run', (path) => ({ path })],
  ['experiments.writeReport', (folder) => ({ reported: { experimentId: 'any' }, folder })],
  ['export.write', (folder) => ({ promptIds: [], format: 'npy', folder, overwrite: true })],
  ['export.bundle', (path) => ({ promptIds: [], format: 'npy', path })]
]

export type KeptRun = { readonly id: string; readonly name: string; readonly hash: string }

/** The prompts that runs left in a project, from what `project info` answers. */
export function keptRuns(answer: unknown): KeptRun[] {
  const { prompts } = prompted(answer)
  return prompts.flatMap((prompt) =>
    prompt.origin === 'run' ? [{ id: prompt.runId ?? prompt.id, name: prompt.name, hash: prompt.sha256 }] : []
  )
}

type Info = { prompts: { id: string; name: string; sha256: string; origin: string; runId?: string }[] }

function prompted(answer: unknown): Info {
  if (typeof answer === 'object' && answer !== null && 'prompts' in answer && Array.isArray(answer.prompts)) {
    return { prompts: answer.prompts }
  }
  throw new Error('the answer of `project info` lists no prompts')
}
