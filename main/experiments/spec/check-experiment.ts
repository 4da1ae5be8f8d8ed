/** Checks the text of an experiment file: a checked experiment, or every mistake with its line and column. */
import { type Document, isCollection, isPair, isScalar } from 'yaml'
import type { z } from 'zod'
import { findMisuses, type Misuse } from './check-names.ts'
import { type ExperimentFile, experimentFileSchema } from './experiment-file.ts'
import { readYaml } from './read-yaml.ts'

/** Mistakes that are told of one file: each is looked for in the whole text. */
const mostMistakes = 100

/** The offset in the text of what stands at a path, or of the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    if (!isCollection(parent)) continue
    // A misspelt key is pointed at itself, an entry of a list at its value.
    const item = parent.items.find((one, index) =>
      isPair(one) ? isScalar(one.key) && one.key.value === key : index === key
    )
    const node = isPair(item) ? item.key : item
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return Number(node.range[0])
    }
  }
  return 0
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

function shorten(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

type Issue = z.core.$ZodIssue

/** The issues that say most of a value that fits no branch of a union: those of the branch that it fits best. */
function innermost(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [best = []] = [...issue.errors].sort((a, b) => depth(b) - depth(a))
  return depth(best) === 0
    ? [issue]
    : best.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }))
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length))
}

/** A misspelt key explains what is then said to be missing. */
function withoutConsequences(issues: readonly Issue[]): readonly Issue[] {
  const misspelt = issues.some(({ code }) => code === 'unrecognized_keys')
  return misspelt ? issues.filter(({ code }) => code !== 'custom') : issues
}

function describeIssue(document: Document, issue: Issue): Misuse[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      found: `the key ${key}`,
      expected: 'a key of the schema'
    }))
  }
  const expected = issue.message
    .replace(/^Invalid (input|option|key)( in \w+)?: (expected )?/, '')
    .replace(/, received \w+$/, '')
  const value: unknown = document.getIn(path)
  return [{ path, found: shorten(isCollection(value) ? value.toJSON() : value), expected }]
}

/** What is expected where the text is no YAML at all. */
export const yamlDocument = 'a YAML document'

/** A mistake at its place in the text, both counted from 1. */
export type Mistake = {
  readonly line: number
  readonly column: number
  /** The setting, such as `sections[0].methods`; empty where the text is no YAML. */
  readonly setting: string
  readonly found: string
  readonly expected: string
}

/** An experiment, or everything that is wrong with its text, in the order of the text. */
export type CheckedExperiment =
  | { readonly experiment: ExperimentFile }
  | { readonly mistakes: readonly Mistake[] }

/** Checks the text of an experiment file; of many mistakes the first are told. */
export function checkExperiment(text: string): CheckedExperiment {
  const { document, place, ...read } = readYaml(text)
  if ('mistakes' in read)
    return {
      mistakes: read.mistakes
        .slice(0, mostMistakes)
        .map(({ at, found }) => ({ ...place(at), setting: '', found, expected: yamlDocument }))
    }
  const checked = experimentFileSchema.safeParse(read.value)
  const misuses = checked.success
    ? findMisuses(checked.data)
    : withoutConsequences(checked.error.issues.slice(0, mostMistakes).flatMap(innermost)).flatMap((issue) =>
        describeIssue(document, issue)
      )
  if (checked.success && misuses.length === 0) return { experiment: checked.data }
  const mistakes = misuses.slice(0, mostMistakes).map(({ path, found, expected }) => ({
    ...place(offsetOf(document, path)),
    setting: pathText(path),
    found,
    expected
  }))
  return { mistakes: mistakes.sort((a, b) => a.line - b.line || a.column - b.column) }
}
