import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fitBounds, readWindowState, writeWindowState } from '#main/hosts/desktop/window-state.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const right = { x: 1440, y: 0, width: 2560, height: 1440 }

describe('a window', () => {
  it('has its first size where it was never open', () => {
    expect(fitBounds(null, [laptop])).toEqual({ width: 1280, height: 800 })
  })

  it.each([
    ['on a display', { x: 100, y: 80, width: 1200, height: 700 }],
    ['on the second display', { x: 1600, y: 0, width: 2000, height: 1300 }],
    ['with its left half off the display', { x: -600, y: 100, width: 1200, height: 700 }]
  ])('is where it was: %s', (_, bounds) => {
    expect(fitBounds(bounds, [laptop, right])).toEqual(bounds)
  })

  it.each([
    ['the second display is gone', { x: 1600, y: 100, width: 1200, height: 700 }],
    ['its top was above every display', { x: 100, y: -400, width: 1200, height: 700 }],
    ['its top was below', { x: 100, y: 890, width: 1200, height: 700 }],
    ['too little of it is seen', { x: 1400, y: 100, width: 1200, height: 700 }]
  ])('keeps its size alone where %s', (_, bounds) => {
    expect(fitBounds(bounds, [laptop])).toEqual({ width: 1200, height: 700 })
  })

  it('is no larger than what is left, and no smaller than its content needs', () => {
    expect(fitBounds({ x: 1600, y: 0, width: 2400, height: 1400 }, [laptop])).toEqual({
      width: 1280,
      height: 800
    })
    expect(fitBounds({ x: 10, y: 30, width: 5, height: 5 }, [laptop])).toMatchObject({
      width: 960,
      height: 600
    })
  })
})

describe('the state of a window', () => {
  const state = { bounds: { x: -5, y: 30, width: 1000, height: 700 }, maximized: true }

  it('is kept and found again', async () => {
    const file = join(await temporaryFolder(), 'window.json')
    writeWindowState(file, state)
    expect(await readWindowState(file)).toEqual(state)
  })

  it.each(['', '{', '{"bounds": {"x": 1.5}}', '[]'])(
    'counts as none where its file holds %j',
    async (text) => {
      const file = join(await temporaryFolder(), 'window.json')
      await writeFile(file, text)
      expect(await readWindowState(file)).toBeNull()
    }
  )
})
