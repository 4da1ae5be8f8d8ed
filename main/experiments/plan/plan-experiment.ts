/** Plans an experiment: opens its inputs, expands it, gives every cell its id and puts cells that share work into groups. */
import { setImmediate } from 'node:timers/promises'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { runInputs } from '#engine/common/contract/runs.ts'
import type { ExperimentCell } from '#main/experiments/execute/results.ts'
import type { ExperimentFile } from '#main/experiments/spec/experiment-file.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import { tuningRecipe } from '#store/records/tuning-recipe.ts'
import { type CellSpecification, expandSection, requireModest } from './expand.ts'
import {
  type ExperimentPlan,
  experimentEvaluation,
  type MeasuringGroup,
  type PlannedCell,
  type PlannedModel,
  type PlannedPrompt,
  type PlannedTask,
  type TuningGroup
} from './experiment-plan.ts'
import { type ExperimentControl, type ExperimentInputs, openInputs, promptKey } from './open-inputs.ts'
import { plannedManifest } from './planned-manifest.ts'

/** Ids that are made between two looks at what else the host is asked for. */
const cellsAtOnce = 200

/** A group as its cells are gathered. */
type Gathering = {
  readonly target: PlannedModel
  readonly task: PlannedTask
  readonly sources: Map<string, PlannedModel>
  readonly prompts: Map<string, PlannedPrompt>
  readonly cells: Map<string, PlannedCell>
}

type Planning = {
  readonly experiment: ExperimentFile
  readonly inputs: ExperimentInputs
  readonly tunings: Map<string, TuningGroup>
  readonly gatherings: Map<string, Gathering>
}

function plannedModel({ inputs }: Planning, name: string): PlannedModel {
  const { reference, fingerprint } = requireFound(inputs.models.get(name), 'model', name)
  return { name, reference, fingerprint }
}

function plannedTask({ inputs }: Planning, { set, name }: ExperimentCell['task']): PlannedTask {
  return requireFound(
    inputs.tasks.get(set)?.find((task) => task.name === name),
    'task',
    name
  )
}

/** The prompt of a model for a task: read where there is one, else to be tuned. */
function choosePrompt(
  planning: Planning,
  modelName: string,
  task: PlannedTask,
  length: number,
  seed: number,
  labels: number | null
): PlannedPrompt {
  const { experiment, inputs, tunings } = planning
  // What a tree holds was tuned on all labels.
  const found =
    labels === null ? inputs.prompts.get(promptKey(modelName, task.name, length, seed)) : undefined
  if (found !== undefined) return found
  const settings = experiment.prompts.tuning
  if (settings === null) {
    throw new AnchorageError('needs-choice', `There is no prompt of ${modelName} for ${task.name}.`, {
      where: 'prompts of the experiment file',
      found: `no tree with length ${length} and seed ${seed} that holds ${task.name}/prompt_vecs.npy`,
      expected: 'such a tree in prompts.tuned, or settings in prompts.tuning',
      next: 'Write `tuning: {}` below prompts to have what is missing tuned.'
    })
  }
  const model = plannedModel(planning, modelName)
  const start = { kind: 'random', vectors: length } as const
  const id = tuningRecipe(model.fingerprint, { task, start, settings, seed, labels }, null)
  const few = labels === null ? '' : `, labels ${labels}`
  const label = `tuning ${modelName} on ${task.name}, ${length} vectors, seed ${seed}${few}`
  const { device } = experiment
  const usual = { start: null, template: null }
  tunings.set(id, {
    kind: 'tuning',
    id,
    label,
    model,
    task,
    length,
    ...usual,
    seed,
    labels,
    settings,
    device
  })
  return { from: 'tuning', id }
}

function gather(planning: Planning, target: PlannedModel, task: PlannedTask): Gathering {
  const key = JSON.stringify([target.name, task.sha256, task.limit])
  const known = planning.gatherings.get(key)
  if (known !== undefined) return known
  const made: Gathering = { target, task, sources: new Map(), prompts: new Map(), cells: new Map() }
  planning.gatherings.set(key, made)
  return made
}

/** Puts a cell into its group; the cell with its id. */
function placeCell(planning: Planning, specification: CellSpecification): ExperimentCell {
  const { seed, length, anchors, mask, centre, rescale } = specification
  const method = requireFound(
    planning.experiment.methods[specification.method],
    'method',
    specification.method
  )
  const task = plannedTask(planning, specification.task)
  const group = gather(planning, plannedModel(planning, specification.target), task)
  const promptOf = (model: string, labels: number | null = null): string => {
    const prompt = choosePrompt(planning, model, task, length ?? 0, seed ?? 0, labels)
    group.prompts.set(prompt.id, prompt)
    return prompt.id
  }
  const sources = specification.sources.map(({ model, weight }) => {
    group.sources.set(model, plannedModel(planning, model))
    return { model, weight, prompt: promptOf(model) }
  })
  const prompt = method.kind === 'direct-tuning' ? promptOf(group.target.name, method.labels) : null
  const cell = { method, sources, prompt, seed, length, anchors, mask, centre, rescale, template: null }
  const id = hashContent(runInputs(plannedManifest(cell, inputsOf(planning, group))))
  group.cells.set(id, { ...cell, id })
  return { ...specification, sources: [...specification.sources], id, kind: method.kind }
}

function inputsOf({ inputs }: Planning, { target, task, sources, prompts }: Gathering) {
  return {
    target,
    task,
    evaluation: experimentEvaluation,
    sources: [...sources.values()],
    anchorsHash: inputs.anchors.hash,
    anchorsName: 'shared words',
    prompts: [...prompts.values()]
  }
}

function finishGroup(planning: Planning, gathering: Gathering): MeasuringGroup {
  const cells = [...gathering.cells.values()]
  return {
    kind: 'measuring',
    id: hashContent(cells.map(({ id }) => id).sort()),
    label: `${gathering.target.name} on ${gathering.task.name}`,
    device: planning.experiment.device,
    ...inputsOf(planning, gathering),
    cells
  }
}

/**
 * The plan of an experiment.
 * @param folder what the paths of the experiment are relative to
 * @throws the engine's errors for what is missing or malformed, `needs-choice` for a prompt that is nowhere
 */
export async function planExperiment(
  experiment: ExperimentFile,
  folder: string,
  engine: EngineCalls,
  control: ExperimentControl
): Promise<ExperimentPlan> {
  const inputs = await openInputs({ experiment, folder, engine, ...control })
  const planning: Planning = { experiment, inputs, tunings: new Map(), gatherings: new Map() }
  const surroundings = {
    tasks: Object.fromEntries([...inputs.tasks].map(([set, tasks]) => [set, tasks.map(({ name }) => name)])),
    sharedAnchors: inputs.anchors.anchors.length,
    widths: Object.fromEntries([...inputs.models].map(([name, { width }]) => [name, width]))
  }
  requireModest(experiment, surroundings)
  const sections: { name: string; cells: ExperimentCell[] }[] = []
  for (const section of experiment.sections) {
    const cells: ExperimentCell[] = []
    for (const specification of expandSection(experiment, section, surroundings)) {
      if (cells.length % cellsAtOnce === 0) {
        throwIfCancelled(control.signal)
        await setImmediate()
      }
      cells.push(placeCell(planning, specification))
    }
    sections.push({ name: section.name, cells })
  }
  const measuring = [...planning.gatherings.values()]
    .map((gathering) => finishGroup(planning, gathering))
    // One target after the other: its session and its factors are kept open between groups.
    .sort((a, b) => (a.target.name < b.target.name ? -1 : a.target.name > b.target.name ? 1 : 0))
  return {
    experiment,
    anchors: inputs.anchors,
    groups: [...planning.tunings.values(), ...measuring],
    sections
  }
}
