import { describe, expect, test } from 'vitest'
import {
  add,
  broadcastShapes,
  divide,
  multiply,
  sliceLength,
  subtract
} from '#engine/onnx/gradients/shapes/dimensions.ts'

describe('sizes', () => {
  test('are computed where they are numbers', () => {
    expect([add(2, 3), subtract(2, 3), multiply(2, 3), divide(7, 2), divide(-7, 2)]).toEqual([
      5, -1, 6, 3, -3
    ])
  })

  test('keep their name through what does not change them', () => {
    expect([add('n', 0), subtract('n', 0), multiply(1, 'n'), divide('n', 1)]).toEqual(['n', 'n', 'n', 'n'])
    expect([subtract('n', 'n'), divide('n', 'n'), multiply('n', 0)]).toEqual([0, 1, 0])
  })

  test('have one name however their parts are ordered', () => {
    expect(add('past', 'length')).toBe(add('length', 'past'))
    expect(multiply('n', 3)).toBe(multiply(3, 'n'))
    expect(subtract('n', 3)).not.toBe(subtract('m', 3))
  })
})

describe('broadcasting', () => {
  test('aligns at the last axis', () => {
    expect(broadcastShapes(['b', 's', 8], [8])).toEqual(['b', 's', 8])
    expect(broadcastShapes([3, 1], [2, 1, 4])).toEqual([2, 3, 4])
    expect(broadcastShapes([], ['n'])).toEqual(['n'])
  })

  test('takes a number for a size that must be it or 1', () => {
    expect(broadcastShapes(['n', 3], [2, 'm'])).toEqual([2, 3])
  })

  test('takes a length for a prefix of that length', () => {
    expect(broadcastShapes([sliceLength(64, 0, 's', 1)], ['s'])).toEqual(['s'])
  })

  test('leaves open what two names come to', () => {
    const [size] = broadcastShapes(['n'], ['m'])
    expect(['n', 'm']).not.toContain(size)
    expect(broadcastShapes(['m'], ['n'])).toEqual([size])
  })
})

describe('slices', () => {
  test.each([
    [10, 2, 5, 1],
    [10, -3, 2 ** 40, 1],
    [10, 0, -1, 1],
    [10, -99, 4, 3],
    [10, 7, 2, 1],
    [10, -1, -(2 ** 40), -1],
    [10, 8, 1, -3],
    [10, 99, 0, -2]
  ])('of %i from %i to %i by %i have the length that Python gives', (size, start, end, step) => {
    const all = Array.from({ length: size }, (_, index) => index)
    const [from, to] = [start, end].map((index) => (index < 0 ? index + size : index))
    const taken = all.filter((index) =>
      step > 0
        ? index >= from && index < to && (index - Math.max(from, 0)) % step === 0
        : index <= from && index > to && (Math.min(from, size - 1) - index) % step === 0
    )
    expect(sliceLength(size, start, end, step)).toBe(taken.length)
  })

  test('of a whole axis keep its name', () => {
    expect(sliceLength('n', 0, 2 ** 40, 1)).toBe('n')
    expect(sliceLength('n', 0, 'n', 1)).toBe('n')
  })
})
