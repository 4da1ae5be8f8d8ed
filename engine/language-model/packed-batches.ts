/**
 * Questions to a causal model as rows that hold many of them: what questions begin with alike stands there once, and each
 * token sees those alone that come before it in its own question. A token's states depend on nothing else, so that the
 * keys and values of what prompts or examples share are computed once, and hardly any place is padding.
 */
import type { Batch, Question } from './batches.ts'

/** Answers are as long as the vocabulary: so many tokens of a batch may ask for one. */
const tokensPerAnswer = 8

/** One place of a row: the token, its position in its question, and the place of the token before it; −1: it is the first. */
type Place = { readonly id: number; readonly position: number; readonly before: number }

type Row = { readonly places: Place[]; readonly answers: { question: number; place: number }[] }

function compareIds(a: readonly number[], b: readonly number[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

/** How many of the first ids are the same. */
function sharedLength(a: readonly number[], b: readonly number[]): number {
  let shared = 0
  while (shared < Math.min(a.length, b.length) && a[shared] === b[shared]) shared++
  return shared
}

/**
 * Rows of at most `length` places, longer ones for a question that is longer.
 * @param order indices of the questions
 */
function fillRows(questions: readonly Question[], order: readonly number[], length: number): Row[] {
  const rows: Row[] = []
  let row: Row = { places: [], answers: [] }
  /** Where the ids of the question before stand in the row. */
  let path: number[] = []
  let before: readonly number[] = []
  for (const question of order) {
    const { ids, answerPosition } = questions[question]
    let shared = sharedLength(before, ids)
    if (rows.length === 0 || row.places.length + ids.length - shared > length) {
      row = { places: [], answers: [] }
      rows.push(row)
      shared = 0
    }
    path = path.slice(0, shared)
    for (let position = shared; position < ids.length; position++) {
      const place = row.places.push({ id: ids[position], position, before: path.at(-1) ?? -1 }) - 1
      path.push(place)
    }
    row.answers.push({ question, place: path[answerPosition] })
    before = ids
  }
  return rows
}

/**
 * No more rows than those of `length` places, as short as these can be: the last is then about as full as the others.
 * Neighbours in the order of their ids share most.
 */
function evenRows(questions: readonly Question[], length: number): Row[] {
  const order = [...questions.keys()].sort((a, b) => compareIds(questions[a].ids, questions[b].ids) || a - b)
  let rows = fillRows(questions, order, length)
  let [tooShort, enough] = [0, length]
  while (enough - tooShort > 1) {
    const middle = Math.floor((tooShort + enough) / 2)
    const shorter = fillRows(questions, order, middle)
    if (shorter.length > rows.length) tooShort = middle
    else [rows, enough] = [shorter, middle]
  }
  return rows
}

/** Writes a row's places from place `start` of the batch on, and which of them see which. */
function writeRow(
  { places }: Row,
  start: number,
  length: number,
  batch: Batch & { readonly packed: NonNullable<Batch['packed']> },
  firstVirtualToken: number
): void {
  const { positions, visible } = batch.packed
  for (let place = 0; place < length; place++) {
    const seen = visible.subarray((start + place) * length, (start + place + 1) * length)
    seen[place] = 1
    const token = places[place]
    if (token === undefined) continue
    const { id, position, before } = token
    batch.ids[start + place] = BigInt(id < 0 ? firstVirtualToken - 1 - id : id)
    batch.attentionMask[start + place] = 1n
    positions[start + place] = BigInt(position)
    if (before >= 0)
      for (let other = 0; other <= before; other++)
        if (visible[(start + before) * length + other] === 1) seen[other] = 1
  }
}

/**
 * Batches of rows that share what their questions begin with.
 * @param rowLength places of a row
 * @param tokensPerBatch places of a batch
 * @returns each batch with the questions that it answers, in the order of its answers
 */
export function packedBatches(
  questions: readonly Question[],
  {
    rowLength,
    tokensPerBatch,
    firstVirtualToken,
    padToken
  }: { rowLength: number; tokensPerBatch: number; firstVirtualToken: number; padToken: number }
): { indices: number[]; batch: Batch }[] {
  const batches: Row[][] = []
  let [longest, answers] = [0, 0]
  for (const row of evenRows(questions, rowLength)) {
    const last = batches.at(-1)
    longest = Math.max(longest, row.places.length)
    answers += row.answers.length
    const fits =
      last !== undefined &&
      (last.length + 1) * longest <= tokensPerBatch &&
      answers * tokensPerAnswer <= tokensPerBatch
    if (fits) last.push(row)
    else {
      batches.push([row])
      longest = row.places.length
      answers = row.answers.length
    }
  }
  return batches.map((rows) => {
    const length = Math.max(...rows.map(({ places }) => places.length))
    const count = rows.length * length
    const asked = rows.flatMap((row, at) => row.answers.map((answer) => ({ ...answer, row: at })))
    const batch = {
      rows: rows.length,
      length,
      ids: new BigInt64Array(count).fill(BigInt(padToken)),
      attentionMask: new BigInt64Array(count),
      answerRows: Int32Array.from(asked, ({ row }) => row),
      answerPositions: Int32Array.from(asked, ({ place }) => place),
      packed: { positions: new BigInt64Array(count), visible: new Uint8Array(count * length) }
    }
    for (const [at, row] of rows.entries()) writeRow(row, at * length, length, batch, firstVirtualToken)
    return { indices: asked.map(({ question }) => question), batch }
  })
}
