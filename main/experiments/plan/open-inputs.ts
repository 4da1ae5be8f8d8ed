/** Opens what an experiment names, relative to its file: models, tasks, tuned prompts, and the words that all models share. */
import { resolve } from 'node:path'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { Prompt, PromptModel } from '#engine/common/contract/prompts.ts'
import { engineWeights, type HashWeights } from '#main/catalogue/model-weights.ts'
import type { ExperimentFile, TaskSet } from '#main/experiments/spec/experiment-file.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { PlannedModel, PlannedPrompt, PlannedTask } from './experiment-plan.ts'

export type OpenedModel = PlannedModel & {
  readonly width: number
  /** What its prompt files are read with. */
  readonly promptModel: PromptModel
}

export type ExperimentInputs = {
  /** By name. */
  readonly models: ReadonlyMap<string, OpenedModel>
  /** The tasks of every task set, in their order. */
  readonly tasks: ReadonlyMap<string, readonly PlannedTask[]>
  /** Prompts tuned already, by {@link promptKey}. */
  readonly prompts: ReadonlyMap<string, PlannedPrompt>
  readonly anchors: AnchorSet
}

export type ExperimentControl = {
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** With what is known of files from before; left out, the engine's own knowledge. */
  readonly hashWeights?: HashWeights
}

type Opening = ExperimentControl & {
  readonly experiment: ExperimentFile
  /** What paths are relative to. */
  readonly folder: string
  readonly engine: EngineCalls
}

/** What a prompt is looked up by. */
export function promptKey(model: string, task: string, length: number, seed: number): string {
  return JSON.stringify([model, task, length, seed])
}

function referenceOf(model: ExperimentFile['models'][string], folder: string): ModelReference {
  const reference = typeof model === 'string' ? { folder: model } : model
  return { ...reference, folder: resolve(folder, reference.folder) }
}

/** Models that the experiment runs: targets, and where it tunes what is missing or asks sources any other. */
function isRun(name: string, { targets, sections, prompts, methods }: ExperimentFile): boolean {
  const all = [...targets, ...sections.flatMap((section) => section.targets ?? [])]
  const asksOthers = Object.values(methods).some(({ kind }) => kind === 'refine')
  return prompts.tuning !== null || asksOthers || all.includes(name)
}

async function openModels(opening: Opening) {
  const { experiment, folder, engine, signal, onProgress } = opening
  const hash = opening.hashWeights ?? engineWeights(engine)
  const models = new Map<string, OpenedModel>()
  const entries = Object.entries(experiment.models)
  for (const [done, [name, model]] of entries.entries()) {
    onProgress?.({ done, total: entries.length, label: `opening ${name}` })
    const reference = referenceOf(model, folder)
    const report = await engine.call('models.inspect', reference, { signal })
    const { fingerprint, width, family, embeddingScale, kind } = report
    const whole = isRun(name, experiment) ? await hash(reference, { signal, onProgress }) : null
    models.set(name, {
      name,
      reference,
      fingerprint: whole === null ? fingerprint : { ...fingerprint, weights: whole.weights },
      width,
      promptModel: { family, embeddingScale, kind }
    })
  }
  return models
}

async function relationSources(
  set: Extract<TaskSet, { kind: 'relations' }>,
  { folder, engine, signal }: Opening
): Promise<PlannedTask['source'][]> {
  const found = await engine.call('tasks.findRelations', { folder: resolve(folder, set.folder) }, { signal })
  const { only, metainfo, commonVocabulary } = set
  const missing = (only ?? []).find((name) => found.every((relation) => relation.name !== name))
  if (missing !== undefined) {
    throw new AnchorageError('not-found', `There is no relation ${missing}.`, {
      where: resolve(folder, set.folder),
      found: found.map(({ name }) => name).join(', '),
      next: 'Correct the list `only` of the experiment file.'
    })
  }
  return found
    .filter(({ name }) => only === null || only.includes(name))
    .map((relation) => ({
      kind: 'relation',
      folder: relation.folder,
      metainfo: metainfo === undefined ? undefined : resolve(folder, metainfo),
      commonVocabulary: commonVocabulary === null ? null : resolve(folder, commonVocabulary)
    }))
}

function classificationSource(
  name: string,
  {
    kind,
    files,
    textColumn,
    labelColumn,
    labelWords,
    template
  }: Extract<TaskSet, { kind: 'classification' }>,
  folder: string
): PlannedTask['source'] {
  const located = Object.fromEntries(
    Object.entries(files).flatMap(([split, file]) =>
      file === undefined ? [] : [[split, resolve(folder, file)]]
    )
  )
  return { kind, name, files: located, textColumn, labelColumn, labelWords, template }
}

async function openTasks(opening: Opening): Promise<Map<string, PlannedTask[]>> {
  const { experiment, folder, engine, signal } = opening
  const tasks = new Map<string, PlannedTask[]>()
  for (const [set, entry] of Object.entries(experiment.tasks)) {
    const sources =
      entry.kind === 'relations'
        ? await relationSources(entry, opening)
        : [classificationSource(set, entry, folder)]
    const planned: PlannedTask[] = []
    for (const source of sources) {
      const { name, template, sha256, examples } = await engine.call('tasks.inspect', source, { signal })
      planned.push({ name, source, template, sha256, limit: entry.limit, examples })
    }
    tasks.set(set, planned)
  }
  return tasks
}

function fileOf(prompt: Prompt): { path: string; part: string } {
  const { origin } = prompt
  if (origin.kind === 'file') return { path: origin.path, part: origin.part }
  throw new AnchorageError('internal', `The prompt ${prompt.name} was read from no file.`)
}

async function readTrees(
  { experiment, folder, engine, signal }: Opening,
  models: ReadonlyMap<string, OpenedModel>
): Promise<Map<string, PlannedPrompt>> {
  const prompts = new Map<string, PlannedPrompt>()
  for (const { model, folder: tree, length, seed } of experiment.prompts.tuned) {
    const path = resolve(folder, tree)
    const { promptModel } = requireFound(models.get(model), 'model', model)
    const choice = { path, vectors: length, model: promptModel }
    for (const prompt of await engine.call('prompts.readTree', choice, { signal })) {
      const key = promptKey(model, prompt.relation ?? prompt.name, length, seed)
      prompts.set(key, {
        from: 'file',
        id: hashVectors(prompt.vectors),
        length,
        model: promptModel,
        ...fileOf(prompt)
      })
    }
  }
  return prompts
}

async function shareAnchors(
  { experiment, engine, signal, onProgress }: Opening,
  models: ReadonlyMap<string, PlannedModel>
) {
  const { rankedBy, ...recipe } = experiment.anchors
  const names = [...models.keys()]
  const rank = rankedBy === null ? 0 : names.indexOf(rankedBy)
  return await engine.call(
    'anchors.build',
    {
      name: experiment.name,
      models: [...models.values()].map(({ reference }) => reference),
      recipe: { ...recipe, order: { by: 'rank', model: rank } }
    },
    { signal, onProgress }
  )
}

/** Opens all inputs. @throws the engine's errors for what is missing or malformed */
export async function openInputs(opening: Opening): Promise<ExperimentInputs> {
  const models = await openModels(opening)
  return {
    models,
    tasks: await openTasks(opening),
    prompts: await readTrees(opening, models),
    anchors: await shareAnchors(opening, models)
  }
}
