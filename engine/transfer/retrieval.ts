/**
 * Serves `transfer.retrieval`: holds a seeded share of the anchors out, sends their source embeddings through the very
 * condition, one prompt of one vector each, and looks for them among all anchors of the target.
 */
import { createHash } from 'node:crypto'
import { mean as meanOf } from 'simple-statistics'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { type Matrix, rowRange } from '#engine/common/contract/matrix.ts'
import {
  heldOutCount,
  leastAnchors,
  type Retrieval,
  type RetrievalRequest
} from '#engine/common/contract/retrieval.ts'
import type { MaskSettings, Rescale, SearchSettings } from '#engine/common/contract/transfer.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import { meanInterval } from '#engine/common/statistics/bootstrap.ts'
import type { Provider } from '#engine/devices/session.ts'
import {
  type Dense,
  denseRow,
  denseRows,
  makeUnit,
  toDense,
  unitRows,
  zeros
} from '#engine/linear-algebra/dense.ts'
import { doubleProducts } from '#engine/linear-algebra/products.ts'
import { collectGarbage } from '#engine/memory/collect-garbage.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { hashAnchors } from '#engine/models/anchors/anchor-text.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { adamSearch } from './adam-search.ts'
import { addRows, lessMean } from './centre.ts'
import { type EncodedSources, encodeSources } from './encode-sources.ts'
import { exactSearch } from './exact-search.ts'
import { combineRights } from './matching.ts'
import { openTransfer } from './open-transfer.ts'
import { finished, finishOf } from './rescale.ts'
import { type CallContext, workOptions } from './run-transfer.ts'
import { requireFinishable } from './transfer.ts'
import type { TransferInput, TransferTarget, WorkOptions } from './transfer-input.ts'

/** Words in every model: the rows of the anchors, those that are held out, and those that are left. */
type HeldOut = {
  /** Indices of anchors, `[n]`, in the order in which they were drawn. */
  held: number[]
  rest: number[]
}

/** What prompts `[n, d]`, the embeddings of the words held out in each source, become in the target by the anchors left: `[n, e]`. */
export type SendHeldOut = (
  request: RetrievalRequest,
  prompts: readonly Matrix[],
  anchors: Anchor[],
  device: Provider,
  context: CallContext
) => Promise<Dense>

/** Words whose codes or cosines with all anchors are held at once. */
const wordsTogether = 256

/** Anchors that words are compared with at once. */
const candidatesTogether = 2048

/** It does not depend on the prompts: every run of a condition asks it again. */
const measured = recentResults<Retrieval>({ most: 256 })

/**
 * The retrieval of a condition.
 * @param send how the condition transfers: by the method or by a baseline
 * @throws AnchorageError `bad-argument` for fewer than 50 anchors, what the transfer itself throws, `cancelled`
 */
export async function measureRetrieval(
  request: RetrievalRequest,
  device: Provider,
  context: CallContext,
  send: SendHeldOut
): Promise<Retrieval> {
  const { anchors, seed } = request
  if (heldOutCount(anchors.length) === 0)
    throw new AnchorageError('bad-argument', 'There are too few anchors to hold some of them out.', {
      where: 'anchors',
      found: `${anchors.length}`,
      expected: `at least ${leastAnchors}`,
      next: 'Take a larger anchor set; the words that all models share are the most there is.'
    })
  const target = await openModel(request.target, context.signal)
  const sources: OpenModel[] = []
  for (const { model } of request.sources) sources.push(await openModel(model, context.signal))
  return await measured.getLater(keyOf(request, [...sources, target], device), async () => {
    const idsOf = (model: OpenModel): Int32Array =>
      requireAnchors(anchors, { ...model, name: model.report.name })
    const zero = new Set<number>()
    for (const model of [...sources, target]) {
      const rows = await model.zeroRows(context.signal)
      for (const [index, id] of idsOf(model).entries()) if (rows.has(id)) zero.add(index)
    }
    const { held, rest } = holdOut(anchors.length, zero, seed)
    const left = rest.map((index) => anchors[index])
    const prompts: Matrix[] = []
    for (const source of sources) {
      const ids = idsOf(source)
      prompts.push(
        await source.readRows(
          held.map((index) => ids[index]),
          context.signal
        )
      )
    }
    const found = await send(withFewerAnchors(request, left.length), prompts, left, device, context)
    throwIfCancelled(context.signal)
    // What the search went by is as large as what follows.
    collectGarbage()
    const ids = idsOf(target)
    const words = [...held, ...rest].map((index) => ids[index])
    return await score(found, await target.rowReader(words, context.signal), { held, rest })
  })
}

/** A seeded share of `count` words, of which those of `zero` have no direction in some model. */
function holdOut(count: number, zero: ReadonlySet<number>, seed: number): HeldOut {
  const words = [...Array(count).keys()].filter((index) => !zero.has(index))
  const held = shuffled(words, seededUniform(seed)).slice(0, heldOutCount(count))
  const out = new Set(held)
  return { held, rest: words.filter((index) => !out.has(index)) }
}

/**
 * The request for the anchors that are left. Each word is a prompt of its own, so that what is common to all vectors of a
 * prompt is so to one alone.
 */
function withFewerAnchors(request: RetrievalRequest, count: number): RetrievalRequest {
  const { mask } = request
  if (mask.kind === 'all') return request
  const from = mask.kind === 'top-k' ? mask.from : 'sum'
  const own: MaskSettings = { kind: 'top-k', k: Math.min(mask.k, count), from }
  return { ...request, mask: own }
}

/**
 * Where the words come out among the anchors of the target, by cosines less the mean of those left.
 * @param anchorsOf the rows of the anchors from a start to an end, those held out first
 */
async function score(
  found: Dense,
  anchorsOf: (start: number, end: number) => Matrix,
  { held, rest }: HeldOut
): Promise<Retrieval> {
  const mean = meanOfRows(anchorsOf, [held.length, held.length + rest.length], found.columns)
  const vectors = unitRows({ ...found, data: found.data.map((value, i) => value - mean[i % found.columns]) })
  const own = new Float64Array(held.length)
  const ranks = new Array<number>(held.length).fill(0)
  // The first block holds all words that were held out, so that a word's own cosine is known before it is compared.
  const together = Math.max(candidatesTogether, held.length)
  for (const [top, bottom] of blocks(0, held.length + rest.length, together)) {
    const candidates = toDense(lessMean(anchorsOf(top, bottom), mean))
    makeUnit(candidates)
    for (let start = 0; start < held.length; start += wordsTogether) {
      const end = Math.min(held.length, start + wordsTogether)
      const part = denseRows(vectors, start, end)
      const cosines = await doubleProducts.timesTransposed(part, candidates)
      for (let i = start; i < end; i++) {
        const row = denseRow(cosines, i - start)
        if (top === 0) own[i] = row[i]
        for (const other of row) if (other > own[i]) ranks[i]++
      }
    }
  }
  const [hit1, hit10] = [1, 10].map((within) => ranks.map((rank) => Number(rank < within)))
  return {
    hit1: meanOf(hit1),
    hit10: meanOf(hit10),
    cosine: meanOf([...own]),
    intervals: { hit1: meanInterval(hit1), hit10: meanInterval(hit10), cosine: meanInterval([...own]) },
    heldOut: held.length,
    anchors: rest.length
  }
}

/** The mean of the rows that `read` gives from `start` to `end`, `[columns]`. */
function meanOfRows(
  read: (start: number, end: number) => Matrix,
  [start, end]: readonly [number, number],
  columns: number
): Float64Array {
  const sum = new Float64Array(columns)
  for (const [top, bottom] of blocks(start, end, candidatesTogether)) addRows(sum, read(top, bottom))
  return sum.map((value) => value / (end - start))
}

/** From `start` to `end` in blocks of `size`: where each begins and ends. */
function* blocks(start: number, end: number, size: number): Generator<readonly [number, number]> {
  for (let top = start; top < end; top += size) yield [top, Math.min(end, top + size)]
}

function keyOf(request: RetrievalRequest, models: readonly OpenModel[], device: Provider): string {
  const { mask, centre, rescale, method, seed, sources, anchors } = request
  const tables = models.map(({ report }) => [report.fingerprint.table, report.fingerprint.tokenizer])
  const weights = sources.map(({ weight }) => weight)
  const parts = [mask, centre, rescale, method, seed, tables, weights, hashAnchors(anchors), device]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** By the method: codes of all sources together, the search, Eq. 6. */
export function sendBySearch(search: SearchSettings): SendHeldOut {
  return async ({ sources, target, mask, centre, rescale }, prompts, anchors, device, context) => {
    const opened = await openTransfer({ sources, target, anchors, centre }, device, context.signal)
    const input: TransferInput = {
      sources: sources.map(({ weight }, j) => ({ space: opened.sources[j], prompt: prompts[j], weight })),
      target: opened.target,
      mask,
      search,
      rescale
    }
    requireFinishable(input)
    const found = await findVectors(input, workOptions(context))
    const finish = finishOf(rescale, opened.target.table.statistics, opened.target.space.centre)
    const sent = zeros(found.rows, found.columns)
    for (let i = 0; i < found.rows; i++)
      denseRow(sent, i).set(
        finished({ rows: 1, columns: found.columns, data: denseRow(found, i) }, finish).data
      )
    return sent
  }
}

/** The exact search finds each vector by itself: where each has a mask of its own, the codes of a part are held at a time. */
async function findVectors(
  { sources, target, mask, search, rescale }: TransferInput,
  options: WorkOptions
): Promise<Dense> {
  const together = search.kind === 'exact' && mask.kind !== 'all' ? wordsTogether : Number.POSITIVE_INFINITY
  const count = sources[0].prompt.rows
  const found = zeros(count, target.space.anchors.columns)
  for (let start = 0; start < count; start += together) {
    const part = sources.map((source) => ({
      ...source,
      prompt: rowRange(source.prompt, start, start + together)
    }))
    const encoded = await encodeSources(part, target.space, mask)
    throwIfCancelled(options.signal)
    found.data.set((await findPart(encoded, target, search, rescale, options)).data, start * found.columns)
  }
  return found
}

async function findPart(
  encoded: EncodedSources,
  target: TransferTarget,
  search: SearchSettings,
  rescale: Rescale,
  options: WorkOptions
): Promise<Dense> {
  if (search.kind === 'adam') {
    const inside = rescale === 'inside' ? target.table.statistics : null
    return (await adamSearch(target.space, encoded, search, inside, options)).vectors
  }
  const right = combineRights(encoded.sources)
  const { solutions } = await exactSearch(target.space, right, encoded.masks, [search.ridge], options.signal)
  return unitRows(solutions[0].vectors)
}
