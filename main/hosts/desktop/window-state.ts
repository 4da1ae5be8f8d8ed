/** Where the window was when it was closed: restored where a display still shows it. */
import { randomUUID } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** In the display's own units. */
const rectangleSchema = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() })
export type Rectangle = z.infer<typeof rectangleSchema>

const windowStateSchema = z.object({ bounds: rectangleSchema, maximized: z.boolean() })
export type WindowState = z.infer<typeof windowStateSchema>

export const smallestSize = { width: 960, height: 600 } as const
const firstSize = { width: 1280, height: 800 } as const
/** How much of the window's top must be on a display so that a person can take hold of it. */
const grip = { width: 120, height: 32 } as const

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}

/**
 * The size, and the place where the window can still be taken hold of, for the work areas of today's displays. Without
 * a place the system chooses one.
 */
export function fitBounds(
  kept: Rectangle | null,
  workAreas: readonly Rectangle[]
): Partial<Rectangle> & Pick<Rectangle, 'width' | 'height'> {
  if (kept === null) return firstSize
  const width = Math.max(kept.width, smallestSize.width)
  const height = Math.max(kept.height, smallestSize.height)
  const shows = workAreas.some(
    (area) =>
      overlap(kept.x, width, area.x, area.width) >= grip.width &&
      overlap(kept.y, grip.height, area.y, area.height) >= grip.height
  )
  const largest = workAreas.reduce((most, area) => Math.max(most, area.width * area.height), 0)
  if (shows) return { x: kept.x, y: kept.y, width, height }
  // On displays that are gone it may have been larger than what is left.
  return width * height <= largest ? { width, height } : firstSize
}

/** The state kept in `file`; null where there is none that can be read, it is made anew when the window is closed. */
export async function readWindowState(file: string): Promise<WindowState | null> {
  try {
    return windowStateSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}

/** Written before the call returns: the window is closed when the program ends, and nothing waits for more by then. */
export function writeWindowState(file: string, state: WindowState): void {
  // Two windows of two processes may close at once.
  const unfinished = `${file}.${randomUUID()}.unfinished`
  writeFileSync(unfinished, JSON.stringify(state))
  renameSync(unfinished, file)
}
