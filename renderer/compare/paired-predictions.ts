/** Predictions of two prompts for the same examples, put side by side. */
import type { KeptPrediction } from '#engine/common/contract/runs.ts'

/** Of one relation. */
export type PairedAnswers = {
  readonly relation: string
  readonly left: readonly KeptPrediction[]
  readonly right: readonly KeptPrediction[]
}

type ExamplePair = {
  readonly relation: string
  readonly example: string
  readonly first: KeptPrediction
  readonly second: KeptPrediction
}

export type Disagreement = ExamplePair & {
  /** Who has the label first. */
  readonly rightSide: 'left' | 'right'
}

/** The examples that both were asked. */
function examplePairs(answers: readonly PairedAnswers[]): ExamplePair[] {
  return answers.flatMap(({ relation, left, right }) => {
    const seconds = new Map(right.map((prediction) => [prediction.example, prediction]))
    return left.flatMap((first) => {
      const second = seconds.get(first.example)
      return second === undefined ? [] : [{ relation, example: first.example, first, second }]
    })
  })
}

/** 1 where the label is ranked first, else 0: of the first and of the second; and the relation of each example. */
export function pairedScores(answers: readonly PairedAnswers[]) {
  const pairs = examplePairs(answers)
  const score = ({ rank }: KeptPrediction): number => (rank === 1 ? 1 : 0)
  return {
    first: pairs.map(({ first }) => score(first)),
    second: pairs.map(({ second }) => score(second)),
    relationOf: pairs.map(({ relation }) => relation)
  }
}

/** Examples that one alone gets right. */
export function disagreements(answers: readonly PairedAnswers[]): Disagreement[] {
  return examplePairs(answers)
    .filter(({ first, second }) => (first.rank === 1) !== (second.rank === 1))
    .map((pair) => ({ ...pair, rightSide: pair.first.rank === 1 ? ('left' as const) : ('right' as const) }))
}
