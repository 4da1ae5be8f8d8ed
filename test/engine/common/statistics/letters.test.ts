import { describe, expect, it } from 'vitest'
import { compactLetters } from '#engine/common/statistics/letters.ts'

function differing(pairs: readonly (readonly [number, number])[]) {
  return (one: number, other: number) => pairs.some(([a, b]) => a === one && b === other)
}

describe('letters', () => {
  it('are one where nothing differs, and as many as there are methods where all do', () => {
    expect(compactLetters(3, () => false)).toEqual(['a', 'a', 'a'])
    expect(compactLetters(3, () => true)).toEqual(['a', 'b', 'c'])
  })

  it('are shared by just those that don’t differ', () => {
    // Piepho (2004), table 1: T1 to T8 with these ten significant pairs, as indices.
    const pairs = [
      [0, 6],
      [0, 7],
      [1, 3],
      [1, 4],
      [1, 6],
      [1, 7],
      [2, 6],
      [2, 7],
      [3, 6],
      [3, 7]
    ] as const
    const letters = compactLetters(8, differing(pairs))
    for (let one = 0; one < 8; one++)
      for (let other = one + 1; other < 8; other++) {
        const share = [...letters[one]].some((letter) => letters[other].includes(letter))
        expect({ one, other, share }).toEqual({ one, other, share: !differing(pairs)(one, other) })
      }
    // None of the groups lies within another.
    const groups = [...new Set(letters.join(''))].map((letter) =>
      letters.flatMap((own, index) => (own.includes(letter) ? [index] : []))
    )
    for (const group of groups)
      for (const other of groups)
        if (other !== group) expect(group.every((item) => other.includes(item))).toBe(false)
  })
})
