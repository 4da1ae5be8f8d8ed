/** From values to places on an axis, with ticks at round numbers. */
import type { Axis } from './chart.ts'

export type Scale = {
  readonly at: (value: number) => number
  readonly ticks: readonly { readonly value: number; readonly label: string }[]
}

/** A step of 1, 2 or 5 times a power of ten that gives about so many ticks. */
function roundStep(span: number, count: number): number {
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  return ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power
}

/** A scale from the values of an axis to `[from, to]`; a linear one ends at ticks and includes what is asked. */
export function makeScale(
  { categories, reversed = false }: Axis,
  values: readonly number[],
  [from, to]: readonly [number, number],
  includes: readonly number[] = []
): Scale {
  if (categories !== undefined) {
    const slot = (to - from) / categories.length
    const at = (value: number): number => from + (value + 0.5) * slot
    return { at, ticks: categories.map((label, value) => ({ value, label })) }
  }
  const all = [...values, ...includes]
  const [lowest, highest] = [Math.min(...all), Math.max(...all)]
  const step = roundStep(highest > lowest ? highest - lowest : 1, 5)
  const [first, last] = [
    Math.floor(lowest / step),
    Math.max(Math.ceil(highest / step), Math.floor(lowest / step) + 1)
  ]
  const [low, high] = reversed ? [last * step, first * step] : [first * step, last * step]
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return {
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => {
      const value = (first + index) * step
      return { value, label: value.toFixed(digits) }
    })
  }
}
