/**
 * Filters as text: words that a run must hold, `field:text` for what a field contains, `field=text` for what it is,
 * `field>number` and the like for figures, and a minus before what it must not be. `target:bert accuracy>0.6
 * -method:adam` reads as three of these.
 */
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { fieldText, type RunField, runFields, setOf } from './run-fields.ts'

type Test = (run: RunEntry) => boolean

export type ParsedFilter = {
  readonly matches: Test
  /** What could not be understood, for a person; null where all was. */
  readonly problem: string | null
}

const operators: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '=': (value, bound) => value === bound
}

/** Parts by blanks, but not inside quotation marks. */
function parts(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([part]) => part)
}

function findField(name: string): RunField | undefined {
  const wanted = name.toLowerCase()
  return runFields.find(({ key, title }) => key.toLowerCase() === wanted || title.toLowerCase() === wanted)
}

/** Whether a field is shown with a text in it; thousands may be written without their commas. */
function holds(field: RunField, run: RunEntry, text: string): boolean {
  const shown = fieldText(field, field.value(run)).toLowerCase()
  return shown.includes(text) || shown.replaceAll(',', '').includes(text)
}

/** Whether a field is this and nothing else, as it is shown or as a whole number or word is written. */
function is(field: RunField, run: RunEntry, text: string): boolean {
  const value = field.value(run)
  if (field.key === 'sources' && value !== null) return setOf(run).toLowerCase() === sorted(text)
  return fieldText(field, value).toLowerCase() === text || String(value ?? '').toLowerCase() === text
}

/** `b + a` as `a + b`: a set is one whatever the order. */
function sorted(set: string): string {
  return set
    .split('+')
    .map((name) => name.trim())
    .sort()
    .join(' + ')
}

function parsePart(part: string): Test | string {
  const compared = /^([\p{L}]+)(>=|<=|>|<|=)(-?[\d.]+(?:e-?\d+)?)$/u.exec(part)
  if (compared !== null) {
    const [, name = '', operator = '', bound = ''] = compared
    const field = findField(name)
    const compare = operators[operator]
    if (field === undefined || compare === undefined) return `no field is called ${name}`
    return (run) => {
      const value = field.value(run)
      return typeof value === 'number' && compare(value, Number(bound))
    }
  }
  const named = /^([\p{L}]+)([:=])(.*)$/u.exec(part)
  if (named !== null) {
    const [, name = '', sign = ':', text = ''] = named
    const field = findField(name)
    if (field === undefined) return `no field is called ${name}`
    const wanted = text.replaceAll('"', '').toLowerCase()
    return sign === ':' ? (run) => holds(field, run, wanted) : (run) => is(field, run, wanted)
  }
  const wanted = part.replaceAll('"', '').toLowerCase()
  return (run) => runFields.some((field) => holds(field, run, wanted))
}

export function parseFilter(text: string): ParsedFilter {
  const tests: Test[] = []
  const problems: string[] = []
  for (const part of parts(text)) {
    const negated = part.startsWith('-') && part.length > 1
    const parsed = parsePart(negated ? part.slice(1) : part)
    if (typeof parsed === 'string') problems.push(parsed)
    else tests.push(negated ? (run) => !parsed(run) : parsed)
  }
  return {
    matches: (run) => tests.every((test) => test(run)),
    problem: problems.length === 0 ? null : problems.join('; ')
  }
}
