/** Lists of numbers as people type them: `0, 0.01, 0.1`. */

/**
 * The numbers, or null where something in it is none, is not allowed or is there twice. A comma within a number such as
 * `0,01` is not understood as two numbers: that would be what nobody means.
 */
export function parseNumbers(text: string, isAllowed: (value: number) => boolean): number[] | null {
  if (/(^|[\s;,])\d+,0\d/.test(text)) return null
  const parts = text
    .split(/[\s,;]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const numbers = parts.map(Number)
  if (numbers.length === 0 || !numbers.every((value) => Number.isFinite(value) && isAllowed(value)))
    return null
  return new Set(numbers).size === numbers.length ? numbers : null
}

export function isRidge(value: number): boolean {
  return value >= 0
}

export function isSeed(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** How many anchors are kept; `all` stands for the whole set. */
export function parseKept(text: string): (number | 'all')[] | null {
  const all = /(^|[\s,;])all($|[\s,;])/i.test(text)
  const rest = text.replaceAll(/\ball\b/gi, ' ')
  const numbers = rest.trim() === '' || /^[\s,;]*$/.test(rest) ? [] : parseNumbers(rest, isCount)
  if (numbers === null || (numbers.length === 0 && !all)) return null
  return [...(all ? (['all'] as const) : []), ...numbers]
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
