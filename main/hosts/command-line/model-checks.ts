/** What `verify` says of each model and of all: a line each, and the counts. */
import { basename } from 'node:path'
import {
  type CheckedPart,
  checkedPartNames,
  type ModelCheck,
  type Verdict,
  type VerifyRow
} from '#engine/common/contract/verify.ts'
import type { Expectation } from './expected-refusals.ts'

/** A check with the model's folder below the one that is verified. */
export type CheckedModel = ModelCheck & {
  readonly folder: string
  /** Whether it is not right, and as it should be. */
  readonly isExpected: boolean
}

const partLabels: Readonly<Record<CheckedPart['part'], string>> = {
  table: 'table',
  query: 'answers',
  tune: 'loss and gradient'
}

function isRight(verdict: Verdict): boolean {
  return verdict === 'right' || verdict === 'right-to-its-precision'
}

/** Why a part was not compared, in one line. */
function sentence({ error }: CheckedPart): string {
  const found = error?.found === undefined ? '' : ` Found: ${error.found.replaceAll(/\s+/g, ' ')}`
  return `${error?.message ?? ''}${found}`
}

/** Whether a part is as a line of the expectations says. */
function isAsExpected(part: CheckedPart, expected: readonly Expectation[]): boolean {
  switch (part.verdict) {
    case 'right':
    case 'right-to-its-precision':
      return true
    case 'refused':
      return expected.some((line) => line.kind === 'refused' && sentence(part).includes(line.says))
    case 'differs': {
      const limits = expected.map((line) => (line.kind === 'differs' ? line.atMost : 0))
      const limit = Math.max(0, ...limits)
      return part.comparisons.every(
        ({ agrees, largestDifference }) =>
          agrees || (largestDifference !== null && largestDifference <= limit)
      )
    }
    case 'failed':
      return false
  }
}

/** Whether a model that is not right is as the lines for it say. */
export function isExpectedOf(check: ModelCheck, folder: string, expected: readonly Expectation[]): boolean {
  const own = expected.filter((line) => line.folder === folder || line.folder === basename(folder))
  return !isRight(check.verdict) && check.parts.every((part) => isAsExpected(part, own))
}

function shown(difference: number | null): string {
  if (difference === null) return 'no number'
  return difference === 0 ? '0' : difference.toExponential(1)
}

function differences(rows: readonly VerifyRow[]): string {
  return rows.map(({ what, largestDifference }) => `${what} ${shown(largestDifference)}`).join(', ')
}

/** A long list of what was found is cut: with `--json` it is whole. */
function short(text: string): string {
  return text.length > 240 ? `${text.slice(0, 240)} …` : text
}

function describeDifference({ what, largestDifference, tolerance }: VerifyRow): string {
  return `${shown(largestDifference)} in ${what} (tolerance ${shown(tolerance)})`
}

/** What is said of parts of one verdict, without repeating it. */
function describeParts(verdict: Verdict, parts: readonly CheckedPart[]): string {
  const rows = parts.flatMap(({ comparisons }) => comparisons)
  const labels = parts.map(({ part }) => partLabels[part]).join(', ')
  switch (verdict) {
    case 'right':
      return `right: ${labels}`
    case 'right-to-its-precision': {
      const coarse = [...new Set(parts.map(({ precision }) => precision))].join(', ')
      return `right to its precision (${coarse}): ${differences(rows)}`
    }
    case 'differs':
      return `differs by ${rows
        .filter(({ agrees }) => !agrees)
        .map(describeDifference)
        .join(', ')}`
    case 'refused':
    case 'failed': {
      const reasons = [...new Set(parts.map(sentence))].map(short).join(' ')
      return `${verdict}: ${parts.length < checkedPartNames.length ? `${labels}: ` : ''}${reasons}`
    }
  }
}

/** One line: the model's verdict first, then what else was compared. */
export function describeCheck({ folder, verdict, parts, isExpected }: CheckedModel): string {
  const others = new Set(parts.map((part) => part.verdict).filter((other) => other !== verdict))
  const said =
    verdict === 'right'
      ? ['right']
      : [verdict, ...others].map((each) =>
          describeParts(
            each,
            parts.filter((part) => part.verdict === each)
          )
        )
  return `${folder}: ${said.join('; ')}${isExpected ? ' (as expected)' : ''}`
}

export type CheckCounts = Readonly<Record<Verdict, number>> & {
  readonly models: number
  /** Of those that are not right. */
  readonly expected: number
}

export function countChecks(checks: readonly CheckedModel[]): CheckCounts {
  const having = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length
  return {
    models: checks.length,
    right: having('right'),
    'right-to-its-precision': having('right-to-its-precision'),
    differs: having('differs'),
    refused: having('refused'),
    failed: having('failed'),
    expected: checks.filter(({ isExpected }) => isExpected).length
  }
}

/** The last line. */
export function describeCounts(counts: CheckCounts): string {
  const { models, right, differs, refused, failed, expected } = counts
  const parts = [
    `${right} right`,
    `${counts['right-to-its-precision']} right to their precision`,
    `${differs} differ`,
    `${refused} refused`,
    ...(failed > 0 ? [`${failed} failed`] : [])
  ]
  return `${models} model${models === 1 ? '' : 's'}: ${parts.join(', ')}${expected > 0 ? `; ${expected} as expected` : ''}`
}

/** Whether every model is right, or as it should be. */
export function areAllRight({ models, right, expected, ...counts }: CheckCounts): boolean {
  return right + counts['right-to-its-precision'] + expected === models
}

/** The tolerances that were used, by precision: a line each. */
export function describeTolerances(checks: readonly CheckedModel[]): string[] {
  const lines = new Map<string, Map<string, number>>()
  for (const { parts } of checks) {
    for (const { precision, comparisons } of parts) {
      const used = lines.get(precision) ?? new Map<string, number>()
      for (const { what, tolerance } of comparisons) used.set(what, tolerance)
      if (used.size > 0) lines.set(precision, used)
    }
  }
  return [...lines].map(
    ([precision, used]) =>
      `tolerance, ${precision}: ${[...used].map(([what, tolerance]) => `${what} ${shown(tolerance)}`).join(', ')}`
  )
}
