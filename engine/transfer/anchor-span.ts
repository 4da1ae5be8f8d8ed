/**
 * How far the first anchors of a set reach in each model: the rank of their centred rows, their effective rank, and the share
 * of the vocabulary's variance in the directions that they span. Where the rank is the width, a relative code (Eq. 3)
 * determines the direction of a vector.
 */
import { createHash } from 'node:crypto'
import type { Anchor, AnchorSpan, AnchorSpanRequest } from '#engine/common/contract/anchors.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { type Matrix, row, rowRange } from '#engine/common/contract/matrix.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import type { Provider } from '#engine/devices/session.ts'
import {
  addScaled,
  type Dense,
  denseRow,
  denseRows,
  rowLengths,
  toDense
} from '#engine/linear-algebra/dense.ts'
import { gramMatrix } from '#engine/linear-algebra/gram-products.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { type RowSpan, type SpannedRows, spanOfRows } from '#engine/linear-algebra/row-span.ts'
import { participationRatio } from '#engine/linear-algebra/spectrum.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { lessMean, meanRow } from './centre.ts'

type ModelSpan = AnchorSpan['models'][number]
type Context = { readonly signal: AbortSignal; readonly progress: (progress: Progress) => void }
/** Hears how much of a model's work is done, as a share. */
type OnShare = (share: number) => void

/** Tokens whose variance stands for that of the vocabulary: the standard error of the share is below one point. */
const mostTokens = 4096

/** Directions whose products with the tokens are computed at once. */
const directionsAtOnce = 64

/** Shares of the time that its parts take, of wide models with many anchors. */
const partOf = { reading: 0.2, span: 0.2, coverage: 0.2 } as const

/** 2, 5, 10, 20, 50 … below `count`, and `count`. */
function stepsUpTo(count: number): number[] {
  const steps: number[] = []
  for (let decade = 1; decade < count; decade *= 10)
    steps.push(...[1, 2, 5].map((step) => step * decade).filter((step) => step > 1 && step < count))
  return [...steps, count]
}

/** Rows `[k, e]` less the first, without it: they span what the rows less their mean do, however many come after. */
function lessFirst(anchors: Matrix): SpannedRows {
  const first = row(anchors, 0)
  return {
    rows: anchors.rows - 1,
    columns: anchors.columns,
    read: (start, end) => {
      const some = toDense(rowRange(anchors, 1 + start, 1 + end))
      for (let i = 0; i < some.rows; i++) addScaled(denseRow(some, i), -1, first)
      return some
    }
  }
}

/** The effective rank of anchors `[m, e]`, less their mean and at length 1. */
async function effectiveRankOf(anchors: Matrix, device: Provider): Promise<number> {
  const centred = lessMean(anchors, meanRow(anchors))
  // One at the mean has no direction.
  const scales = rowLengths(centred).map((length) => (length === 0 ? 0 : 1 / length))
  return participationRatio(await gramMatrix({ anchors: centred, scales }, 'float32', device))
}

/** The share of the variance of `tokens [n, e]` in the first 1, 2, … of the directions, `[r]`. */
async function sharesWithin(
  tokens: Matrix,
  directions: Dense,
  onShare: OnShare
): Promise<Float64Array<ArrayBuffer>> {
  const centred = toDense(lessMean(tokens, meanRow(tokens)))
  const total = centred.data.reduce((sum, value) => sum + value ** 2, 0)
  const shares = new Float64Array(directions.rows)
  let within = 0
  for (let start = 0; start < directions.rows; start += directionsAtOnce) {
    onShare(start / directions.rows)
    const some = denseRows(directions, start, Math.min(directions.rows, start + directionsAtOnce))
    const products = await doubleProducts.timesTransposed(some, centred)
    for (let i = 0; i < some.rows; i++) {
      const product = denseRow(products, i)
      within += product.reduce((sum, value) => sum + value ** 2, 0)
      shares[start + i] = total === 0 ? 0 : Math.min(1, within / total)
    }
  }
  return shares
}

/** How many of the directions the first `count` anchors add: those of the rows before it, of which the first has none. */
function rankOf({ addedBy }: RowSpan, count: number): number {
  const next = addedBy.findIndex((at) => at + 2 > count)
  return next === -1 ? addedBy.length : next
}

/** What is computed of `anchors [k, e]` and drawn `tokens [n, e]` of one model. @throws AnchorageError `cancelled` */
export async function spanOfAnchors(
  anchors: Matrix,
  tokens: Matrix,
  device: Provider,
  { signal, onShare }: { readonly signal: AbortSignal; readonly onShare: OnShare }
): Promise<Pick<ModelSpan, 'determinedBy' | 'points'>> {
  const { columns: width } = anchors
  const afterSpan = partOf.reading + partOf.span
  const afterCoverage = afterSpan + partOf.coverage
  const tell = (share: number): void => {
    throwIfCancelled(signal)
    onShare(share)
  }
  const span = await spanOfRows(lessFirst(anchors), (looked, rank) =>
    tell(partOf.reading + partOf.span * Math.max(looked / anchors.rows, rank / width))
  )
  const shares = await sharesWithin(tokens, span.directions, (share) =>
    tell(afterSpan + partOf.coverage * share)
  )
  const last = span.addedBy[width - 1]
  const determinedBy = last === undefined ? null : last + 2
  const counts = [...new Set([...stepsUpTo(anchors.rows), ...(determinedBy === null ? [] : [determinedBy])])]
  const points: ModelSpan['points'] = []
  let looked = 0
  const inAll = counts.reduce((sum, count) => sum + count, 0)
  for (const count of counts.toSorted((a, b) => a - b)) {
    tell(afterCoverage + (1 - afterCoverage) * (looked / inAll))
    const rank = rankOf(span, count)
    points.push({
      anchors: count,
      rank,
      effectiveRank: await effectiveRankOf(rowRange(anchors, 0, count), device),
      coverage: rank === 0 ? 0 : shares[rank - 1]
    })
    looked += count
  }
  return { determinedBy, points }
}

/** Small: the points of a model and the anchors that they are of. */
const known = recentResults<ModelSpan>({ most: 64 })

async function spanInModel(
  { report, vocabulary, tokenizer, usedRows, readRows }: OpenModel,
  anchors: readonly Anchor[],
  device: Provider,
  context: { readonly signal: AbortSignal; readonly onShare: OnShare }
): Promise<ModelSpan> {
  const { name, width, fingerprint } = report
  const ids = requireAnchors(anchors, { name, vocabulary, tokenizer })
  const hash = createHash('sha256').update(ids).digest('hex')
  const found = await known.getLater(
    `${fingerprint.table} ${fingerprint.tokenizer} ${device} ${hash}`,
    async () => {
      const drawn = shuffled(usedRows, seededUniform(0)).slice(0, mostTokens)
      // In one reading: a large table is not held for it.
      const rows = await readRows([...ids, ...drawn], context.signal)
      const anchorRows = rowRange(rows, 0, ids.length)
      const tokens = rowRange(rows, ids.length, rows.rows)
      return {
        name,
        width,
        tokens: drawn.length,
        ...(await spanOfAnchors(anchorRows, tokens, device, context))
      }
    }
  )
  // A copy of a model may have another name.
  return { ...found, name }
}

/**
 * Builds a set of anchors and says what the first of them, in its order, span in each of the models.
 * @throws AnchorageError `mismatch` where no word is left, for models that can't be opened, and `cancelled`
 */
export async function findAnchorSpan(
  { models, recipe }: AnchorSpanRequest,
  device: Provider,
  { signal, progress }: Context
): Promise<AnchorSpan> {
  const opened: OpenModel[] = []
  for (const reference of models) opened.push(await openModel(reference, signal))
  const named = opened.map(({ report, vocabulary, tokenizer }) => ({
    name: report.name,
    vocabulary,
    tokenizer
  }))
  const { anchors } = await buildAnchorSet({ name: 'spanned', models: named, recipe }, { signal })
  const spans: ModelSpan[] = []
  for (const [index, model] of opened.entries()) {
    const onShare: OnShare = (share) =>
      progress({ done: 100 * (index + share), total: 100 * opened.length, label: model.report.name })
    onShare(0)
    spans.push(await spanInModel(model, anchors, device, { signal, onShare }))
  }
  return { anchors: anchors.length, models: spans }
}
