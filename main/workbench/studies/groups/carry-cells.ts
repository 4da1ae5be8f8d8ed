/**
 * Finds the prompt of every cell of a group: carried from its sources, tuned on the target, drawn, or none. Cells that
 * differ in sources and weights alone share one mixing basis, so that each source is solved once for all of them.
 */
import type { Contestant } from '../../../../engine/contract/evaluation.ts'
import type { Matrix } from '../../../../engine/contract/matrix.ts'
import { mix } from '../../../../engine/contract/mixing.ts'
import { requireFound } from '../../../store/records/row.ts'
import type { StudyResult } from '../results.ts'
import type { MeasuringGroup, PlannedCell } from '../study-plan.ts'
import type { GroupContext } from './group-context.ts'

/** A prompt along a search. */
export type Snapshot = { readonly step: number; readonly matching: number | null; readonly prompt: Matrix }

/** What stands in the template for a cell, and how it was found. */
export type CarriedCell = Pick<StudyResult, 'matching' | 'selection' | 'chosenStep' | 'notes' | 'seconds'> & {
  readonly cell: PlannedCell
  readonly contestant: Contestant
  readonly snapshots: readonly Snapshot[]
}

export type Prompts = ReadonlyMap<string, Matrix>

type Carrying = { readonly group: MeasuringGroup; readonly prompts: Prompts; readonly context: GroupContext }

const unsearched: Pick<CarriedCell, 'selection' | 'chosenStep' | 'snapshots' | 'notes'> = {
  selection: 'none',
  chosenStep: null,
  snapshots: [],
  notes: []
}

function promptContestant({ id }: PlannedCell, vectors: Matrix): Contestant {
  return { kind: 'prompt', name: id, vectors, template: null }
}

function sidesOf({ group, prompts, context }: Carrying, cell: PlannedCell, sources: PlannedCell['sources']) {
  return {
    sources: sources.map(({ model, prompt, weight }) => ({
      model: requireFound(
        group.sources.find(({ name }) => name === model),
        'source',
        model
      ).reference,
      prompt: requireFound(prompts.get(prompt), 'prompt', prompt),
      weight
    })),
    target: group.target.reference,
    anchors: context.anchors.slice(0, cell.anchors ?? 0),
    mask: cell.mask ?? { kind: 'all' as const },
    device: group.device
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function totalWeight({ sources }: PlannedCell): number {
  return sources.reduce((sum, { weight }) => sum + weight, 0)
}

/**
 * What cells have in common that one basis serves. Every source has its own solution whatever is mixed later; but a
 * mask other than `all` comes from the sources together, and holds for that set alone.
 */
function basisKey(cell: PlannedCell): string {
  const { method, seed, length, anchors, mask, rescale } = cell
  const set = mask?.kind === 'all' ? [] : cell.sources.map(({ prompt }) => prompt)
  return JSON.stringify([method, seed, length, anchors, mask, rescale, set])
}

/** Exact cells of one basis: the union of their sources solved once, each cell a weighted sum. */
async function carryExact(
  carrying: Carrying,
  cells: readonly PlannedCell[],
  first: PlannedCell,
  ridge: number
): Promise<CarriedCell[]> {
  const started = performance.now()
  const { engine, signal } = carrying.context
  const union = [...new Map(cells.flatMap(({ sources }) => sources).map((one) => [one.prompt, one])).values()]
  const rescale = first.rescale === 'none' ? 'none' : 'after'
  const request = { ...sidesOf(carrying, first, union), ridge, rescale } as const
  const basis = await engine.call('transfer.mixingBasis', request, { signal })
  const seconds = (performance.now() - started) / 1000 / cells.length
  return cells.map((cell) => {
    const weights = union.map(
      ({ prompt }) => cell.sources.find((source) => source.prompt === prompt)?.weight ?? 0
    )
    const { prompt, vectors } = mix(basis, weights)
    return {
      ...unsearched,
      cell,
      contestant: promptContestant(cell, prompt),
      matching: mean(vectors.map(({ matching }) => matching)) / totalWeight(cell),
      selection: 'exact',
      notes: basis.notes,
      seconds
    }
  })
}

type AdamSettings = Extract<PlannedCell['method'], { kind: 'adam' }>

async function carryByAdam(
  carrying: Carrying,
  cell: PlannedCell,
  { steps, learningRate, selection, snapshotEvery }: AdamSettings
): Promise<CarriedCell> {
  const { engine, signal, onProgress } = carrying.context
  const solver = {
    kind: 'adam',
    steps,
    learningRate,
    seed: cell.seed ?? 0,
    // Which of the snapshots it is by validation, their answers on the dev split decide.
    selection: selection === 'validation' ? 'last' : selection,
    ...(snapshotEvery === null ? {} : { snapshotEvery })
  } as const
  const sides = sidesOf(carrying, cell, cell.sources)
  const result = await engine.call(
    'transfer.run',
    { ...sides, solver, rescale: cell.rescale ?? 'after' },
    { signal, onProgress }
  )
  const { prompt, report, search, seconds } = result
  const matching = report.meanMatching / totalWeight(cell)
  const chosenStep = search?.chosenStep ?? null
  // The loss is 1 − mean(matching)/Σw, noted before each step: that after the last is known of a result alone.
  const matchingAt = (step: number): number | null => {
    const loss = search?.loss[step]
    if (loss !== undefined) return 1 - loss
    return step === chosenStep ? matching : null
  }
  return {
    cell,
    contestant: promptContestant(cell, prompt),
    matching,
    selection,
    chosenStep,
    snapshots: (search?.snapshots ?? []).map((one) => ({ ...one, matching: matchingAt(one.step) })),
    notes: report.notes,
    seconds
  }
}

/** What needs no search: a manual template, random vectors, the target's own prompt. */
function placeOwn({ prompts }: Carrying, cell: PlannedCell): Contestant {
  const { method, id } = cell
  switch (method.kind) {
    case 'manual':
      return { kind: 'manual', name: id, template: null }
    case 'random':
      return { kind: 'random', name: id, vectors: cell.length ?? 0, seed: cell.seed ?? 0, template: null }
    default:
      return promptContestant(cell, requireFound(prompts.get(cell.prompt ?? ''), 'prompt', id))
  }
}

async function carryOne(carrying: Carrying, cell: PlannedCell): Promise<CarriedCell> {
  const { method } = cell
  if (method.kind === 'adam') return await carryByAdam(carrying, cell, method)
  return { ...unsearched, cell, contestant: placeOwn(carrying, cell), matching: null, seconds: 0 }
}

/** The prompts of all cells of a group. @throws what the engine says of them, `cancelled` */
export async function carryCells(
  group: MeasuringGroup,
  prompts: Prompts,
  context: GroupContext
): Promise<CarriedCell[]> {
  const carrying: Carrying = { group, prompts, context }
  const carried: CarriedCell[] = []
  const bases = new Map<string, PlannedCell[]>()
  for (const cell of group.cells) {
    if (cell.method.kind !== 'exact') carried.push(await carryOne(carrying, cell))
    else bases.set(basisKey(cell), [...(bases.get(basisKey(cell)) ?? []), cell])
  }
  for (const cells of bases.values()) {
    const [first] = cells
    if (first?.method.kind !== 'exact') continue
    carried.push(...(await carryExact(carrying, cells, first, first.method.ridge)))
  }
  return carried
}
