/**
 * Where a window is to be opened next time. What a system says of a window is not always where it was asked to be: window
 * managers of Linux tell the place without the frame, so that it would creep at every start, and of a window that was
 * made maximised they tell that size as its normal one.
 */
import type { BrowserWindow } from 'electron'
import type { Rectangle, WindowState } from './window-state.ts'

/** What is known of a window's place. */
export type WindowPlace = {
  /** Where it was asked to be; null where the system chose. */
  readonly asked: Rectangle | null
  /** What the system said of it once it was there; null where that was not heard, or it was not in its normal state. */
  readonly settled: Rectangle | null
  /** What the system says of its normal state now. */
  readonly now: Rectangle
  /** It was never seen in its normal state. */
  readonly wasNeverNormal: boolean
}

/** Where the window is to be in its normal state, by the system's own measure of asking. */
export function placeToKeep({ asked, settled, now, wasNeverNormal }: WindowPlace): Rectangle {
  if (asked === null) return now
  if (wasNeverNormal) return asked
  if (settled === null) return now
  return {
    x: now.x - (settled.x - asked.x),
    y: now.y - (settled.y - asked.y),
    width: now.width - (settled.width - asked.width),
    height: now.height - (settled.height - asked.height)
  }
}

/** How long a window manager may take to put a window in its place. */
const settleMilliseconds = 1000

function isNormal(window: BrowserWindow): boolean {
  return !window.isMaximized() && !window.isMinimized() && !window.isFullScreen()
}

/** Follows a new window that was asked to be at `asked`; gives back what tells what is to be kept of it. */
export function followPlace(window: BrowserWindow, asked: Rectangle | null): () => WindowState {
  let settled: Rectangle | null = null
  let wasNeverNormal = true
  const noteNormal = (): void => {
    if (isNormal(window)) wasNeverNormal = false
  }
  window.once('show', () => {
    const timer = setTimeout(() => {
      if (!isNormal(window)) return
      settled = window.getNormalBounds()
      wasNeverNormal = false
    }, settleMilliseconds)
    window.once('closed', () => clearTimeout(timer))
  })
  window.on('unmaximize', noteNormal)
  window.on('leave-full-screen', noteNormal)
  return () => ({
    bounds: placeToKeep({ asked, settled, now: window.getNormalBounds(), wasNeverNormal }),
    maximized: window.isMaximized()
  })
}
