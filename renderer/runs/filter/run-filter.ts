/**
 * Filters as text: words that a run must hold, `field:text` for what a field contains, `field=text` for what it is,
 * `field>number` and the like for figures, and a minus before what it must not be. `target:bert accuracy>0.6
 * -method:adam` reads as three of these, each a chip in the window.
 */
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { fieldText, type RunField, runFields, setOf } from '../run-fields.ts'

type Test = (run: RunEntry) => boolean

const comparisons = {
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound
} as const satisfies Readonly<Record<string, (value: number, bound: number) => boolean>>

type Comparison = keyof typeof comparisons
export type Operator = ':' | '=' | Comparison

function isOperator(text: string): text is Operator {
  return text === ':' || text === '=' || text in comparisons
}

/** What a part says, apart from how it is written. */
export type Condition = {
  readonly isNegated: boolean
  /** The field, as it was written; null: any field. */
  readonly name: string | null
  readonly operator: Operator
  readonly value: string
}

export type FilterPart = Condition & {
  /** The field of that name; null: any field, or none is called so. */
  readonly field: RunField | null
  /** As it was written. */
  readonly text: string
  /** What could not be understood, for a person; null: it filters. */
  readonly problem: string | null
}

type ParsedFilter = {
  readonly parts: readonly FilterPart[]
  readonly matches: Test
  /** What could not be understood, for a person; null where all was. */
  readonly problem: string | null
}

const named = /^([\p{L}]+)(>=|<=|>|<|=|:)(.*)$/u

export function findField(name: string): RunField | undefined {
  const wanted = name.toLowerCase()
  return runFields.find(({ key, title }) => key.toLowerCase() === wanted || title.toLowerCase() === wanted)
}

/** `0.6`, `-1e-3` and `60%` as numbers; null: something else. */
function numberOf(text: string): number | null {
  const [, digits, percent] = /^(-?[\d.]+(?:e-?\d+)?) ?(%?)$/.exec(text) ?? []
  const value = Number(digits)
  if (digits === undefined || Number.isNaN(value)) return null
  return percent === '%' ? value / 100 : value
}

/** Whether a field is shown with a text in it; thousands may be written without their commas. */
function holds(field: RunField, run: RunEntry, text: string): boolean {
  const shown = fieldText(field, field.value(run)).toLowerCase()
  return shown.includes(text) || shown.replaceAll(',', '').includes(text)
}

/** Whether a field is this and nothing else, as it is shown or as a number or word is written. */
function is(field: RunField, run: RunEntry, text: string): boolean {
  const value = field.value(run)
  if (field.key === 'sources' && value !== null) return sorted(setOf(run).toLowerCase()) === sorted(text)
  if (typeof value === 'number' && value === numberOf(text)) return true
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

/** Of a part with a field or without, the word or words without their quotation marks. */
function read(text: string): Condition {
  const isNegated = text.startsWith('-') && text.length > 1
  const rest = isNegated ? text.slice(1) : text
  const [, name = '', operator = '', value = ''] = named.exec(rest) ?? []
  const plain = value.replaceAll('"', '')
  // `a>b` is a word; `colour>3` is a mistake, and said to be one.
  const isWord = findField(name) === undefined && operator in comparisons && numberOf(plain) === null
  return !isOperator(operator) || isWord
    ? { isNegated, name: null, operator: ':', value: rest.replaceAll('"', '') }
    : { isNegated, name, operator, value: plain }
}

function parsePart(text: string): FilterPart {
  const condition = read(text)
  const { name, operator, value } = condition
  const field = name === null ? null : (findField(name) ?? null)
  const isUnbound = operator in comparisons && numberOf(value) === null
  const problem =
    name !== null && field === null
      ? `no field is called ${name}`
      : isUnbound
        ? `${name}${operator} needs a number`
        : null
  return { ...condition, field, text, problem }
}

function testOf({ isNegated, field, operator, value }: FilterPart): Test {
  const wanted = value.toLowerCase()
  const test = ((): Test => {
    if (field === null) return (run) => runFields.some((one) => holds(one, run, wanted))
    if (operator === ':') return (run) => holds(field, run, wanted)
    if (operator === '=') return (run) => is(field, run, wanted)
    const bound = numberOf(value)
    return (run) => {
      const figure = field.value(run)
      return typeof figure === 'number' && bound !== null && comparisons[operator](figure, bound)
    }
  })()
  return isNegated ? (run) => !test(run) : test
}

/** The parts of a filter, by blanks that are not inside quotation marks. */
export function filterParts(text: string): FilterPart[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([part]) => parsePart(part))
}

export function parseFilter(text: string): ParsedFilter {
  const parts = filterParts(text)
  const problems = parts.flatMap(({ problem }) => problem ?? [])
  const tests = parts.filter(({ problem }) => problem === null).map(testOf)
  return {
    parts,
    matches: (run) => tests.every((test) => test(run)),
    problem: problems.length === 0 ? null : problems.join('; ')
  }
}

/** A condition as a part of a filter. A quotation mark can't be in one and is left out. */
export function partText({ isNegated, name, operator, value }: Condition): string {
  const plain = value.replaceAll('"', '')
  const start = `${isNegated ? '-' : ''}${name === null ? '' : `${name}${operator}`}`
  const isBare = /^\S+$/.test(plain) && (name !== null || !(named.test(plain) || plain.startsWith('-')))
  // `tags=` is of runs without a tag.
  return isBare || (plain === '' && name !== null) ? `${start}${plain}` : `${start}"${plain}"`
}

/** The filter with one part replaced, or added at its end; null takes it out. */
export function withPart(parts: readonly FilterPart[], index: number, condition: Condition | null): string {
  const texts = parts.map(({ text }) => text)
  texts.splice(index, 1, ...(condition === null ? [] : [partText(condition)]))
  return texts.join(' ')
}
