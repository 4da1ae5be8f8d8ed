/** Plans of the paper's size without their models: the groups that the planner would make of 41 relations. */
import { defaults } from '#engine/common/contract/defaults.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import {
  experimentEvaluation,
  type MeasuringGroup,
  type PlannedCell,
  type PlannedModel,
  type PlannedTask,
  type TuningGroup
} from '#main/experiments/plan/experiment-plan.ts'
import { subsetsOf } from '#main/experiments/plan/subsets.ts'
import { paperSize } from './synthetic-world.ts'

/** LAMA's T-REx: 34,039 facts in 41 relations, about 1,000 to train on and a quarter of that to validate. */
export const relations = 41
export const examples = { train: 1000, dev: 250, test: Math.round(34_039 / relations) }

function model(name: string): PlannedModel {
  return { name, reference: { folder: name }, fingerprint: { table: name, tokenizer: name, weights: name } }
}

function task(index: number): PlannedTask {
  const name = `relation ${index}`
  return {
    name,
    source: { kind: 'relation', folder: name, commonVocabulary: null },
    template: null,
    sha256: name,
    limit: null,
    examples
  }
}

const tuningId = (of: string, relation: number): string => `tuning ${of} ${relation}`

function tuning(of: string, relation: number): TuningGroup {
  const id = tuningId(of, relation)
  return {
    kind: 'tuning',
    id,
    label: id,
    device: 'cpu',
    task: task(relation),
    model: model(of),
    length: defaults.length,
    start: null,
    template: null,
    seed: defaults.seed,
    labels: null,
    settings: tuningSettingsSchema.parse({})
  }
}

function cell(
  id: string,
  method: PlannedCell['method'],
  sources: PlannedCell['sources'],
  prompt: string | null
): PlannedCell {
  return {
    id,
    method,
    sources,
    prompt,
    seed: defaults.seed,
    length: defaults.length,
    anchors: sources.length > 0 ? paperSize.anchors : null,
    mask: { kind: 'all' },
    centre: 'none',
    rescale: 'after',
    template: null
  }
}

function measuring(target: string, relation: number, sets: readonly string[][]): MeasuringGroup {
  const id = `${target} on relation ${relation}`
  const own = tuningId(target, relation)
  const exact = sets.map((set) =>
    cell(
      `${id} from ${set.join(', ')}`,
      { kind: 'exact', ridge: 0.1 },
      set.map((name) => ({ model: name, weight: 1, prompt: tuningId(name, relation) })),
      null
    )
  )
  const references = [
    cell(`${id} random`, { kind: 'random' }, [], null),
    cell(`${id} manual`, { kind: 'manual' }, [], null),
    cell(`${id} direct tuning`, { kind: 'direct-tuning' }, [], own)
  ]
  const names = [...new Set(sets.flat())]
  return {
    kind: 'measuring',
    id,
    label: id,
    device: 'cpu',
    task: task(relation),
    evaluation: experimentEvaluation,
    target: model(target),
    sources: names.map(model),
    anchorsHash: 'words',
    anchorsName: 'shared words',
    prompts: [...new Set([...names, target])].map((name) => ({
      from: 'tuning',
      id: tuningId(name, relation)
    })),
    cells: [...exact, ...references]
  }
}

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `model ${index + 1}`)
const numbers = Array.from({ length: relations }, (_, index) => index)

/** Every model as the source of every other and of itself, beside random, manual and directly tuned prompts. */
export function eachToEach(models: number) {
  const all = names(models)
  return [
    ...numbers.flatMap((relation) => all.map((name) => tuning(name, relation))),
    ...all.flatMap((target) =>
      numbers.map((relation) =>
        measuring(
          target,
          relation,
          all.map((name) => [name])
        )
      )
    )
  ]
}

/** Every set of the sources, 255 of eight, to one target. */
export function allSets(sources: number) {
  const all = names(sources)
  const sets = subsetsOf(all, 1, sources)
  return [
    ...numbers.flatMap((relation) => [...all, 'target'].map((name) => tuning(name, relation))),
    ...numbers.map((relation) => measuring('target', relation, sets))
  ]
}
