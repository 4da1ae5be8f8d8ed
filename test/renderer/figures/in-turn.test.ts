/** Pictures one after another, with a frame of the page between them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drawInTurn } from '#renderer/figures/in-turn.ts'

const told: string[] = []

/** A page that draws a frame when it is asked for one, or never. */
function pageThat(drawsFrames: boolean): void {
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
    if (!drawsFrames) return
    setImmediate(() => {
      told.push('frame')
      callback()
    })
  })
}

describe('pictures drawn in turn', () => {
  beforeEach(() => {
    told.length = 0
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('leave the page a frame before each, and are not held up by one that fails', async () => {
    pageThat(true)
    const draw = (name: string) => () => {
      told.push(name)
    }
    const failing = drawInTurn(() => {
      told.push('failing')
      throw new Error('no picture')
    })
    const all = [drawInTurn(draw('one')), drawInTurn(draw('two'))]
    expect(told).toEqual([])
    await expect(failing).rejects.toThrow('no picture')
    await Promise.all(all)
    expect(told).toEqual(['frame', 'failing', 'frame', 'one', 'frame', 'two'])
  })

  it('are drawn in a page out of sight too, which draws no frames', async () => {
    pageThat(false)
    await drawInTurn(() => {
      told.push('one')
    })
    expect(told).toEqual(['one'])
  })
})
