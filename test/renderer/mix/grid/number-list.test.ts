/** Lists of numbers as they are typed. */
import { describe, expect, it } from 'vitest'
import { isRidge, isSeed, parseKept, parseNumbers } from '#renderer/mix/grid/number-list.ts'

describe('numbers as they are typed', () => {
  it('are read with commas, semicolons or spaces, each once', () => {
    expect(parseNumbers('0, 0.01; 1e-3 0.01', isRidge)).toEqual([0, 0.01, 0.001])
    expect(parseNumbers('3,-1', isSeed)).toEqual([3, -1])
  })

  it.each(['', 'much', '0.1, x', '-1', '1/2'])('are refused as a whole: “%s”', (text) => {
    expect(parseNumbers(text, isRidge)).toBeNull()
  })

  it('are whole for seeds', () => {
    expect(parseNumbers('1.5', isSeed)).toBeNull()
  })

  it('of anchors may have all of them among them', () => {
    expect(parseKept('64, all, 128')).toEqual(['all', 64, 128])
    expect(parseKept('all')).toEqual(['all'])
    for (const text of ['', ' , ', '0', 'all, few', '1.5', 'almost']) expect(parseKept(text)).toBeNull()
  })
})
