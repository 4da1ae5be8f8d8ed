/** Pictures one after another, with time for the page between them. */
import { describe, expect, it } from 'vitest'
import { drawInTurn } from '#renderer/figures/in-turn.ts'

describe('pictures drawn in turn', () => {
  it('leave the page a turn before each, and are not held up by one that fails', async () => {
    const told: string[] = []
    const draw = (name: string) => () => {
      told.push(name)
      // What else the page has to do comes before the next picture.
      setTimeout(() => told.push(`after ${name}`))
    }
    const failing = drawInTurn(() => {
      told.push('failing')
      throw new Error('no picture')
    })
    const all = [drawInTurn(draw('one')), drawInTurn(draw('two'))]
    expect(told).toEqual([])
    await expect(failing).rejects.toThrow('no picture')
    await Promise.all(all)
    expect(told).toEqual(['failing', 'one', 'after one', 'two'])
  })
})
