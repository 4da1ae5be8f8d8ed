/** Batches for training the sample's models: words to guess behind masks, or the next word everywhere. */

import type { UniformSource } from '#engine/common/random/seeded-random.ts'
import { type Batch, padBatch } from '#engine/language-model/batches.ts'
import type { Tokenizer } from '#engine/models/tokenizer.ts'

export type TrainingBatch = {
  readonly batch: Batch
  /** `[r, 2]`: row and position of every answer. */
  readonly positions: BigInt64Array
  /** `[r]`: the token that belongs there. */
  readonly labels: BigInt64Array
}

/** One sequence with the positions to guess and what stood there. */
type Exercise = { readonly ids: number[]; readonly answers: { position: number; label: number }[] }

/**
 * BERT's masking: of the tokens chosen, 80 % become the mask, 10 % a random token, 10 % stay. Words that carry facts
 * are chosen more often than the words between them (salient masking; Guu et al., 2020), as small models see
 * little text.
 */
const maskShares = { salient: 0.35, other: 0.1, masked: 0.8, random: 0.1 }

function maskWords(
  ids: readonly number[],
  tokenizer: Tokenizer,
  mask: number,
  isSalient: (id: number) => boolean,
  uniform: UniformSource
): Exercise {
  const words = ids.flatMap((id, position) => {
    const token = tokenizer.vocabulary.byId.get(id)
    return token === undefined || token.kind === 'special' ? [] : [position]
  })
  const masked = [...ids]
  const answers: Exercise['answers'] = []
  const salient = words.filter((position) => isSalient(ids[position]))
  const must = pickPosition(salient.length > 0 ? salient : words, uniform)
  for (const position of words) {
    const share = isSalient(ids[position]) ? maskShares.salient : maskShares.other
    if (position !== must && uniform() >= share) continue
    answers.push({ position, label: ids[position] })
    const fate = uniform()
    if (fate < maskShares.masked) masked[position] = mask
    else if (fate < maskShares.masked + maskShares.random) masked[position] = randomToken(tokenizer, uniform)
  }
  return { ids: masked, answers }
}

function pickPosition(positions: readonly number[], uniform: UniformSource): number {
  return positions[Math.floor(uniform() * positions.length)]
}

function randomToken(tokenizer: Tokenizer, uniform: UniformSource): number {
  const { tokens } = tokenizer.vocabulary
  return tokens[Math.floor(uniform() * tokens.length)].id
}

/** Share of the positions that a next-token model is asked at: the vocabulary product is most of a step. */
const nextWordShare = 0.4

/** Positions are asked for the token after them. */
function nextWords(ids: readonly number[], uniform: UniformSource): Exercise {
  const answers = ids.slice(1).map((label, position) => ({ position, label }))
  const must = Math.floor(uniform() * answers.length)
  return { ids: [...ids], answers: answers.filter((_, index) => index === must || uniform() < nextWordShare) }
}

/** A batch made from sentences; models with a mask token guess masked words, others the next one. */
export function trainingBatch(
  sentences: readonly string[],
  tokenizer: Tokenizer,
  maximumLength: number,
  isSalient: (id: number) => boolean,
  uniform: UniformSource
): TrainingBatch {
  const { mask, pad, eos } = tokenizer.special
  const exercises = sentences.map((sentence) => {
    const ids = tokenizer.encodeWithSpecials(sentence).slice(0, maximumLength)
    return mask === null ? nextWords(ids, uniform) : maskWords(ids, tokenizer, mask.id, isSalient, uniform)
  })
  const batch = padBatch(
    exercises.map(({ ids }) => ({ ids, answerPosition: 0 })),
    0,
    pad?.id ?? eos?.id ?? 0
  )
  const answers = exercises.flatMap(({ answers }, row) => answers.map((answer) => ({ row, ...answer })))
  return {
    batch,
    positions: BigInt64Array.from(answers.flatMap(({ row, position }) => [BigInt(row), BigInt(position)])),
    labels: BigInt64Array.from(answers, ({ label }) => BigInt(label))
  }
}
