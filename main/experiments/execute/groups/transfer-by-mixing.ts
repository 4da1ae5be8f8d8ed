/**
 * Transfers by the exact search. Cells that differ in sources and weights alone share one mixing basis, so that each source
 * is solved once for all of them.
 */
import { retrievalNotes } from '#engine/common/contract/retrieval.ts'
import { sameModelNotes } from '#engine/common/contract/transfer.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import type { PlannedCell, PlannedModel } from '#main/experiments/plan/experiment-plan.ts'
import { requireSource } from '#main/experiments/plan/planned-manifest.ts'
import { conditionRetrieval } from '../condition-retrieval.ts'
import {
  type FoundCell,
  promptCondition,
  sidesOf,
  type Transferring,
  totalWeight,
  unsearched
} from './group-transfer.ts'

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/**
 * What cells have in common that one basis serves. Every source has its own solution whatever is mixed later; but a
 * mask other than `all` comes from the sources together, and holds for that set alone.
 */
export function basisKey(cell: PlannedCell): string {
  const { method, seed, length, anchors, mask, centre, rescale } = cell
  const set = mask?.kind === 'all' ? [] : cell.sources.map(({ prompt }) => prompt)
  return JSON.stringify([method, seed, length, anchors, mask, centre, rescale, set])
}

/** What is to be said of the sources of one cell; the basis is of more. */
function notesOnSources({ group }: Transferring, { sources }: PlannedCell): string[] {
  const named = ({ name, fingerprint }: PlannedModel) => ({ name, table: fingerprint.table })
  const models = sources.map(({ model }) => named(requireSource(group, model)))
  return sameModelNotes(models, named(group.target))
}

/** Exact cells of one basis: the union of their sources solved once, each cell a weighted sum. */
export async function transferByMixing(
  transferring: Transferring,
  cells: readonly PlannedCell[],
  first: PlannedCell,
  ridge: number
): Promise<FoundCell[]> {
  const started = performance.now()
  const { engine, signal } = transferring.context
  const union = [...new Map(cells.flatMap(({ sources }) => sources).map((one) => [one.prompt, one])).values()]
  const rescale = first.rescale === 'none' ? 'none' : 'after'
  const request = { ...sidesOf(transferring, first, union), ridge, rescale } as const
  const basis = await engine.call('transfer.mixingBasis', request, { signal })
  const seconds = (performance.now() - started) / 1000 / cells.length
  const method = { by: 'transfer', search: { kind: 'exact', ridge } } as const
  const found: FoundCell[] = []
  for (const cell of cells) {
    const weights = union.map(
      ({ prompt }) => cell.sources.find((source) => source.prompt === prompt)?.weight ?? 0
    )
    const { prompt, vectors } = mix(basis, weights)
    const condition = { ...request, sources: sidesOf(transferring, cell, cell.sources).sources, method }
    const checked = await conditionRetrieval(engine, condition, signal)
    found.push({
      ...unsearched,
      cell,
      condition: promptCondition(cell, prompt),
      matching: mean(vectors.map(({ matching }) => matching)) / totalWeight(cell),
      selection: 'exact',
      manifest: checked,
      notes: [
        ...basis.notes,
        ...notesOnSources(transferring, cell),
        ...retrievalNotes({ ...checked, centre: cell.centre })
      ],
      seconds
    })
  }
  return found
}
