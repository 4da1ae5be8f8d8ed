/** Finds the prompt of every cell of a group: transferred from its sources, refined on the target, drawn, or none. */
import type { EvaluatedCondition } from '#engine/common/contract/evaluation.ts'
import { isBaseline } from '#engine/common/contract/methods.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import { type FoundCell, promptCondition, type Transferring, unsearched } from './group-transfer.ts'
import { refineOnTarget } from './refine-on-target.ts'
import { fitKey, transferByBaseline } from './transfer-by-baseline.ts'
import { basisKey, transferByMixing } from './transfer-by-mixing.ts'
import { transferBySearch } from './transfer-by-search.ts'

/** What needs no search: a manual template, random vectors, the target's own prompt. */
function placeOwn({ prompts }: Pick<Transferring, 'prompts'>, cell: PlannedCell): EvaluatedCondition {
  const { method, id, template } = cell
  switch (method.kind) {
    case 'manual':
      return { kind: 'manual', name: id, template }
    case 'random':
      return { kind: 'random', name: id, vectors: cell.length ?? 0, seed: cell.seed ?? 0, template }
    default:
      return promptCondition(cell, requireFound(prompts.get(cell.prompt ?? ''), 'prompt', id))
  }
}

/** A cell that needs no search, with what stands in its template. */
export function placed(inputs: Pick<Transferring, 'prompts'>, cell: PlannedCell): FoundCell {
  return { ...unsearched, cell, condition: placeOwn(inputs, cell), matching: null, seconds: 0 }
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

async function findTogether(
  transferring: Transferring,
  cells: readonly PlannedCell[],
  first: PlannedCell
): Promise<FoundCell[]> {
  const { method } = first
  if (method.kind === 'exact' && cells.length > 1)
    return await transferByMixing(transferring, cells, first, method.ridge)
  if (isBaseline(method)) return await transferByBaseline(transferring, cells, first, method)
  // A set of sources that shares its basis with no other has the report of a search of its own.
  if (method.kind === 'exact' || method.kind === 'adam')
    return [await transferBySearch(transferring, first, method)]
  if (method.kind === 'refine') return [await refineOnTarget(transferring, first, method)]
  return [placed(transferring, first)]
}

function sharedWork(cell: PlannedCell): string {
  if (cell.method.kind === 'exact') return basisKey(cell)
  return isBaseline(cell.method) ? fitKey(cell) : cell.id
}

/** The prompts of all cells of a group. @throws what the engine says of them, `cancelled` */
export async function findPrompts(transferring: Transferring): Promise<FoundCell[]> {
  const found: FoundCell[] = []
  for (const cells of shareBy(transferring.group.cells, sharedWork)) {
    const [first] = cells
    if (first !== undefined) found.push(...(await findTogether(transferring, cells, first)))
  }
  return found
}
