/**
 * Compares the method with a transfer reference: every source's codes and, for every combination of sources
 * and mask in the file, the mask, the optimum, its matching, the rescaling and Adam's loss curve.
 */

import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { MaskSettings } from '#engine/common/contract/transfer.ts'
import type { VerifyRow } from '#engine/common/contract/verify.ts'
import { statisticsOf } from '#engine/common/mixing/rescale.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Dense, denseRow, dot, toDense } from '#engine/linear-algebra/dense.ts'
import { adamSearch } from '#engine/transfer/adam-search.ts'
import { type EncodedSources, encodeSources } from '#engine/transfer/encode-sources.ts'
import { exactSearch } from '#engine/transfer/exact-search.ts'
import { combineRights, measureMatching } from '#engine/transfer/matching.ts'
import { encode, prepareSource } from '#engine/transfer/relative-code.ts'
import { rescale } from '#engine/transfer/rescale.ts'
import { prepareTarget, type TargetSpace } from '#engine/transfer/target-space.ts'
import type { TransferSource } from '#engine/transfer/transfer-input.ts'
import { largestDifference, verifyRow } from './compare.ts'
import type { TransferReference } from './reference-folder.ts'

/** How far apart the engine and the reference may be. */
const tolerances = {
  code: 1e-5,
  mask: 0,
  matching: 1e-6,
  /** 1 − cosine of the optimum's direction: the cosine is at least 0.9999. */
  direction: 1e-4,
  statistics: 1e-6,
  rescale: 1e-5,
  adamLoss: 1e-4
}

const sourcesOf: Record<string, number> = { single: 1, dual: 2, triple: 3 }

type Case = { key: string; sources: TransferSource[]; target: TargetSpace; signal: AbortSignal | undefined }

/** One row per comparison, on the given device. */
export async function verifyTransfer(
  reference: TransferReference,
  device: Provider,
  signal?: AbortSignal
): Promise<VerifyRow[]> {
  const anchors = await reference.matrix('target.anchors')
  const target = prepareTarget(anchors, 'target.anchors', device)
  const sources = await readSources(reference, device)
  const rows: VerifyRow[] = []
  for (const [j, { space, prompt }] of sources.entries()) {
    const name = `source${j}.relative`
    const codes = await encode(prompt, await space.prepare())
    const difference = largestDifference(name, codes.data, await reference.values(name))
    rows.push(verifyRow(`${name} (Eq. 3)`, difference, tolerances.code))
  }
  rows.push(await verifyStatistics(reference, anchors))
  for (const key of combinations(reference)) {
    const used = sources.slice(0, sourcesOf[key.split('.')[0]])
    rows.push(...(await verifyCase(reference, { key, sources: used, target, signal })))
  }
  return rows
}

async function readSources(reference: TransferReference, device: Provider): Promise<TransferSource[]> {
  const sources: TransferSource[] = []
  for (let j = 0; j === 0 || reference.has(`source${j}.anchors`); j++) {
    const anchors = await reference.matrix(`source${j}.anchors`)
    const prompt = await reference.matrix(`source${j}.prompt`)
    sources.push({ space: prepareSource(anchors, `source${j}`, device), prompt, weight: 1 })
  }
  return sources
}

/** `single.all`, `dual.topk`, …: whatever combinations the file holds, of those whose meaning is known. */
function combinations(reference: TransferReference): string[] {
  const keys = reference.names
    .filter((name) => name.endsWith('.optimum'))
    .map((name) => name.slice(0, -'.optimum'.length))
  const known = /^(single|dual|triple)\.(all|topk)$/
  const strange = keys.find((key) => !known.test(key))
  if (keys.length === 0 || strange !== undefined)
    throw new AnchorageError('unsupported', 'The reference holds no combination that is known here.', {
      where: reference.path,
      found: strange ?? 'no tensor named <combination>.<mask>.optimum',
      expected: 'single, dual or triple with all or topk',
      next: 'Make the folder with make_reference.py.'
    })
  return keys
}

async function verifyStatistics(reference: TransferReference, anchors: Matrix): Promise<VerifyRow> {
  const { mean, standardDeviation } = statisticsOf(anchors.data)
  const expected = [...(await reference.values('target.mean')), ...(await reference.values('target.std'))]
  const difference = largestDifference('target.mean, target.std', [mean, standardDeviation], expected)
  return verifyRow('target.mean and std', difference, tolerances.statistics)
}

async function verifyCase(
  reference: TransferReference,
  { key, sources, target, signal }: Case
): Promise<VerifyRow[]> {
  const expectedMask = await reference.values(`${key}.mask`)
  const encoded = await encodeSources(sources, target, maskSettings(key, expectedMask, target))
  const { masks } = encoded
  const flatMask = masks.rows.flatMap((mask) => [...mask])
  const right = combineRights(encoded.sources)
  const { solutions } = await exactSearch(target, right, masks, [0], signal)
  const found = solutions[0].vectors
  const optimum = toDense(await reference.matrix(`${key}.optimum`))
  const matching = (await measureMatching(target, found, masks, encoded.sources)).map(({ total }) => total)
  const best = (await measureMatching(target, optimum, masks, encoded.sources)).map(({ total }) => total)
  const statistics = statisticsOf(target.anchors.data)
  const compare = (part: string, actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) =>
    verifyRow(`${key}.${part}`, largestDifference(`${key}.${part}`, actual, expected), tolerance)
  const expectedMatching = await reference.values(`${key}.matching`)
  const rescaled = rescale(optimum, statistics).data
  return [
    compare('mask', flatMask, expectedMask, tolerances.mask),
    compare('matching (of our optimum)', matching, expectedMatching, tolerances.matching),
    compare('matching (of the reference optimum, in float64)', matching, best, tolerances.matching),
    compare(
      'optimum, 1 - cosine',
      distances(found, optimum),
      new Float64Array(found.rows),
      tolerances.direction
    ),
    compare('rescaled (Eq. 6)', rescaled, await reference.values(`${key}.rescaled`), tolerances.rescale),
    await verifyAdam(reference, key, { target, encoded, signal })
  ]
}

/** The mask of the combination, with as many anchors kept as the reference's own mask keeps. */
function maskSettings(key: string, expected: Float32Array, target: TargetSpace): MaskSettings {
  if (key.endsWith('.all')) return { kind: 'all' }
  const kept = expected.subarray(0, target.anchors.rows).reduce((sum, value) => sum + value, 0)
  return { kind: 'top-k', k: kept, from: 'sum' }
}

/** `1 − cos` of every pair of rows. */
function distances(actual: Dense, expected: Dense): number[] {
  return Array.from({ length: actual.rows }, (_, i) => {
    const [a, b] = [denseRow(actual, i), denseRow(expected, i)]
    return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
  })
}

async function verifyAdam(
  reference: TransferReference,
  key: string,
  {
    target,
    encoded,
    signal
  }: { target: TargetSpace; encoded: EncodedSources; signal: AbortSignal | undefined }
): Promise<VerifyRow> {
  const expected = await reference.values(`${key}.adam.loss`)
  const { loss } = await adamSearch(
    target,
    encoded,
    {
      kind: 'adam',
      steps: expected.length,
      learningRate: await reference.adamLearningRate(),
      seed: 0,
      selection: 'last',
      start: await reference.matrix('adam.init')
    },
    null,
    { signal }
  )
  const name = `${key}.adam.loss`
  return verifyRow(
    `${name} (${expected.length} steps)`,
    largestDifference(name, loss, expected),
    tolerances.adamLoss
  )
}
