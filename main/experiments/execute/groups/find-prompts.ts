/** Finds the prompt of every cell of a group: transferred from its sources, tuned on the target, drawn, or none. */
import type { EvaluatedCondition } from '#engine/common/contract/evaluation.ts'
import { isBaseline } from '#engine/common/contract/methods.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { requireFound } from '#store/records/row.ts'
import { type FoundCell, promptCondition, type Transferring, unsearched } from './group-transfer.ts'
import { fitKey, transferByBaseline } from './transfer-by-baseline.ts'
import { basisKey, transferByMixing } from './transfer-by-mixing.ts'
import { transferBySearch } from './transfer-by-search.ts'

/** What needs no search: a manual template, random vectors, the target's own prompt. */
function placeOwn({ prompts }: Transferring, cell: PlannedCell): EvaluatedCondition {
  const { method, id } = cell
  switch (method.kind) {
    case 'manual':
      return { kind: 'manual', name: id, template: null }
    case 'random':
      return { kind: 'random', name: id, vectors: cell.length ?? 0, seed: cell.seed ?? 0, template: null }
    default:
      return promptCondition(cell, requireFound(prompts.get(cell.prompt ?? ''), 'prompt', id))
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

async function findTogether(
  transferring: Transferring,
  cells: readonly PlannedCell[],
  first: PlannedCell
): Promise<FoundCell[]> {
  const { method } = first
  if (method.kind === 'exact') return await transferByMixing(transferring, cells, first, method.ridge)
  if (isBaseline(method)) return await transferByBaseline(transferring, cells, first, method)
  if (method.kind === 'adam') return [await transferBySearch(transferring, first, method)]
  return [
    { ...unsearched, cell: first, condition: placeOwn(transferring, first), matching: null, seconds: 0 }
  ]
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

/** The prompt of one cell that is transferred by itself: with the report of its search, which cells that share a basis do without. */
export async function findPrompt(transferring: Transferring, cell: PlannedCell): Promise<FoundCell> {
  if (cell.method.kind === 'exact') return await transferBySearch(transferring, cell, cell.method)
  const [found] = await findTogether(transferring, [cell], cell)
  return requireFound(found, 'prompt of', cell.id)
}
