/** What is kept of a window: it opens where it was, however the system tells its place. */
import { BrowserWindow } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { followPlace, placeToKeep } from '#main/hosts/desktop/window-place.ts'
import { BrowserWindow as SubstituteWindow } from '#test/support/electron/windows.ts'

const asked = { x: 100, y: 80, width: 1280, height: 800 }

describe('the place that is kept', () => {
  // As a window manager of X11 tells it: without the frame.
  const settled = { x: 101, y: 100, width: 1280, height: 800 }

  it('is where it was asked to be where nobody moved it: it creeps not', () => {
    expect(placeToKeep({ asked, settled, now: settled, wasNeverNormal: false })).toEqual(asked)
  })

  it('follows where a person moved it', () => {
    const now = { x: 301, y: 250, width: 1000, height: 700 }
    const kept = { x: 300, y: 230, width: 1000, height: 700 }
    expect(placeToKeep({ asked, settled, now, wasNeverNormal: false })).toEqual(kept)
  })

  it('stays what it was where the window was maximised all the time', () => {
    const now = { x: 0, y: 0, width: 1920, height: 1040 }
    expect(placeToKeep({ asked, settled: null, now, wasNeverNormal: true })).toEqual(asked)
  })

  it('is what the system says where the system chose it', () => {
    expect(placeToKeep({ asked: null, settled, now: settled, wasNeverNormal: true })).toEqual(settled)
  })
})

describe('a window', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    return () => vi.useRealTimers()
  })

  it('is measured once its window manager has put it in its place', () => {
    const state = followPlace(new BrowserWindow({ ...asked }), asked)
    const window = SubstituteWindow.last
    window.show()
    window.bounds = { ...asked, x: 101, y: 100 }
    vi.advanceTimersByTime(1000)
    expect(state()).toEqual({ bounds: asked, maximized: false })
  })

  it('that started maximised keeps its normal size, and takes another once it was made smaller', () => {
    const state = followPlace(new BrowserWindow({ ...asked }), asked)
    const window = SubstituteWindow.last
    window.maximize()
    window.bounds = { x: 0, y: 0, width: 1920, height: 1040 }
    window.show()
    vi.advanceTimersByTime(1000)
    expect(state()).toEqual({ bounds: asked, maximized: true })
    window.told.length = 0
    window.bounds = { x: 50, y: 50, width: 900, height: 700 }
    window.emit('unmaximize')
    expect(state()).toEqual({ bounds: window.bounds, maximized: false })
  })
})
