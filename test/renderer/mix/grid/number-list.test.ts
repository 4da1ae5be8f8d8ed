/** Lists of numbers as they are typed. */
import { describe, expect, it } from 'vitest'
import { isRidge, isSeed, parseKept, parseNumbers } from '#renderer/mix/grid/number-list.ts'

describe('numbers as they are typed', () => {
  it('are read with commas, semicolons or spaces', () => {
    expect(parseNumbers('0, 0.01; 1e-3 1e9', isRidge)).toEqual([0, 0.01, 0.001, 1e9])
    expect(parseNumbers('3,1', isSeed)).toEqual([3, 1])
  })

  it.each(['', 'much', '0.1, x', '-1', '1/2', '0,01', '0.1, 0,05', '0.1 0.1'])(
    'are refused as a whole: “%s”',
    (text) => {
      expect(parseNumbers(text, isRidge)).toBeNull()
    }
  )

  it('are whole, from 0 on and each once for seeds', () => {
    for (const text of ['1.5', '-1', '1,1,1']) expect(parseNumbers(text, isSeed)).toBeNull()
  })

  it('of anchors may have all of them among them', () => {
    expect(parseKept('64, all, 128')).toEqual(['all', 64, 128])
    expect(parseKept('all')).toEqual(['all'])
    for (const text of ['', ' , ', '0', 'all, few', '1.5', 'almost']) expect(parseKept(text)).toBeNull()
  })
})
