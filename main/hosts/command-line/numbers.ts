/** Numbers from options. What is no number ends the command with the option's name and exit code 2. */
import { InvalidArgumentError } from 'commander'

/** Reads a number that fulfils `fits`, described by `expected`. */
function parse(text: string, expected: string, fits: (value: number) => boolean): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && fits(value)) return value
  throw new InvalidArgumentError(`Expected ${expected}.`)
}

/** Any finite number; its range is checked by the engine. */
export function parseNumber(text: string): number {
  return parse(text, 'a number such as 0.003 or 3e-3', () => true)
}

/** A number of 0 or more. */
export function parseNonNegative(text: string): number {
  return parse(text, 'a number of 0 or more', (value) => value >= 0)
}

/** A number above 0. */
export function parsePositive(text: string): number {
  return parse(text, 'a number above 0', (value) => value > 0)
}

/** A share between 0 and 1. */
export function parseShare(text: string): number {
  return parse(text, 'a share above 0 and below 1, such as 0.15', (value) => value > 0 && value < 1)
}

/** A whole number above 0. */
export function parsePositiveInteger(text: string): number {
  return parse(text, 'a whole number above 0', (value) => Number.isSafeInteger(value) && value > 0)
}

/** A seed: a whole number of 0 or more. */
export function parseSeed(text: string): number {
  return parse(text, 'a whole number of 0 or more', (value) => Number.isSafeInteger(value) && value >= 0)
}

/** Seeds separated by commas, each once. */
export function parseSeeds(text: string): number[] {
  return [...new Set(text.split(',').map(parseSeed))]
}

/** A number of inputs, or all of them. */
export function parseInputs(text: string): number | 'all' {
  return text === 'all' ? 'all' : parsePositiveInteger(text)
}
