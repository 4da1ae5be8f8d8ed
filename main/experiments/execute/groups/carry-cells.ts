/** Finds the prompt of every cell of a group: carried from its sources, tuned on the target, drawn, or none. */
import type { Contestant } from '#engine/common/contract/evaluation.ts'
import { isBaseline } from '#engine/common/contract/methods.ts'
import type { MeasuringGroup, PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import { carryByAdam } from './carry-adam.ts'
import { carryByBaseline, fitKey } from './carry-baseline.ts'
import { basisKey, carryExact } from './carry-exact.ts'
import { type CarriedCell, type Carrying, type Prompts, promptContestant, unsearched } from './carrying.ts'
import type { GroupContext } from './group-context.ts'

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

/** Cells in lists of those that share work. */
function shareBy(cells: readonly PlannedCell[], keyOf: (cell: PlannedCell) => string): PlannedCell[][] {
  const shared = new Map<string, PlannedCell[]>()
  for (const cell of cells) {
    const key = keyOf(cell)
    const list = shared.get(key)
    if (list === undefined) shared.set(key, [cell])
    else list.push(cell)
  }
  return [...shared.values()]
}

async function carryTogether(carrying: Carrying, cells: readonly PlannedCell[]): Promise<CarriedCell[]> {
  const [first] = cells
  if (first === undefined) return []
  const { method } = first
  if (method.kind === 'exact') return await carryExact(carrying, cells, first, method.ridge)
  if (isBaseline(method)) return await carryByBaseline(carrying, cells, first, method)
  if (method.kind === 'adam') return [await carryByAdam(carrying, first, method)]
  return [{ ...unsearched, cell: first, contestant: placeOwn(carrying, first), matching: null, seconds: 0 }]
}

function sharedWork(cell: PlannedCell): string {
  if (cell.method.kind === 'exact') return basisKey(cell)
  return isBaseline(cell.method) ? fitKey(cell) : cell.id
}

/** The prompts of all cells of a group. @throws what the engine says of them, `cancelled` */
export async function carryCells(
  group: MeasuringGroup,
  prompts: Prompts,
  context: GroupContext
): Promise<CarriedCell[]> {
  const carried: CarriedCell[] = []
  for (const cells of shareBy(group.cells, sharedWork)) {
    carried.push(...(await carryTogether({ group, prompts, context }, cells)))
  }
  return carried
}
