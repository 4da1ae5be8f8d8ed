/** The ridge path: what the exact search finds along λ, from one encoding and one Gram matrix. */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { RidgePoint } from '#engine/common/contract/transfer.ts'
import { toMatrix, unitRows } from '#engine/linear-algebra/dense.ts'
import { nearestWords, reportedWords } from '#engine/neighbours/word-table.ts'
import { encodeSources } from './encode-sources.ts'
import { exactSearch } from './exact-search.ts'
import { combineRights, solutionMatching } from './matching.ts'
import { finished, finishOf } from './rescale.ts'
import type { TransferInput, WorkOptions } from './transfer-input.ts'

/** The result at every λ of `ridges`, in that order. */
export async function ridgePath(
  {
    sources,
    target,
    mask,
    rescale
  }: Omit<TransferInput, 'search' | 'rescale'> & { rescale: 'after' | 'none' },
  ridges: readonly number[],
  { signal, progress }: WorkOptions = {}
): Promise<RidgePoint[]> {
  const encoded = await encodeSources(sources, target.space, mask)
  const right = combineRights(encoded.sources)
  const finish = finishOf(rescale, target.table.statistics, target.space.centre)
  const points: RidgePoint[] = []
  const { solutions } = await exactSearch(target.space, right, encoded.masks, ridges, signal)
  for (const [index, solution] of solutions.entries()) {
    throwIfCancelled(signal)
    const { ridge, vectors } = solution
    const matching = solutionMatching(solution, encoded.sources)
    const prompt = toMatrix(finished(unitRows(vectors), finish))
    const words = await nearestWords(target.table, prompt, reportedWords, target.space.device)
    points.push({
      asked: ridges[index],
      ridge,
      prompt,
      vectors: matching.map(({ total, perSource }, i) => ({
        matching: total,
        perSource,
        nearestWords: words[i]
      }))
    })
    progress?.(index + 1, ridges.length, 'along the ridge path')
  }
  return points
}
