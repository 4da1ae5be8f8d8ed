/** The points of a picture as the arrow keys go through them. */
import type { Data } from 'plotly.js'

/** A place in a picture: a point of a trace, or a cell of a heat map's. */
export type Place = { readonly trace: number; readonly at: number; readonly row: number | null }

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value instanceof Float64Array || value instanceof Float32Array ? [...value] : []
}

/** Where points of a trace are: none of what has nothing to say. */
function placesOf(trace: Data, index: number): Place[] {
  if ('hoverinfo' in trace && trace.hoverinfo === 'skip') return []
  if ('visible' in trace && trace.visible === false) return []
  if ('z' in trace)
    return listOf(trace.z).flatMap((row, at) =>
      listOf(row).flatMap((value, column) => (value === null ? [] : [{ trace: index, at: column, row: at }]))
    )
  const values = 'a' in trace ? trace.a : 'y' in trace ? trace.y : null
  return listOf(values).flatMap((value, at) => (value === null ? [] : [{ trace: index, at, row: null }]))
}

/** Places by the trace, or the row of cells, that they are in. */
function linesOf(traces: readonly Data[]): Place[][] {
  const lines = new Map<string, Place[]>()
  for (const place of traces.flatMap(placesOf)) {
    const key = `${place.trace} ${place.row}`
    const line = lines.get(key)
    if (line === undefined) lines.set(key, [place])
    else line.push(place)
  }
  return [...lines.values()]
}

const steps: Readonly<Record<string, readonly [along: number, across: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1]
}

/**
 * Where a key leads: along a trace or a row of cells by left and right, to the next trace or row by up and down; Home
 * and End to its ends. Undefined where the key says nothing, or nothing is there.
 */
export function placeAfter(traces: readonly Data[], now: Place | null, key: string): Place | undefined {
  const all = linesOf(traces)
  if (now === null) return key in steps || key === 'Home' ? all[0]?.[0] : undefined
  const lineAt = Math.max(
    0,
    all.findIndex((line) => line[0]?.trace === now.trace && line[0]?.row === now.row)
  )
  const line = all[lineAt] ?? []
  const at = Math.max(
    0,
    line.findIndex((place) => place.at === now.at)
  )
  if (key === 'Home') return line[0]
  if (key === 'End') return line.at(-1)
  const step = steps[key]
  if (step === undefined) return undefined
  const [along, across] = step
  if (across === 0) return line[at + along] ?? now
  const other = all[lineAt + across]
  return other?.find((place) => place.at >= now.at) ?? other?.at(-1) ?? now
}
