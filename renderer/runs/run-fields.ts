/** What is known of a run, field by field: for columns, filters, grouping and pictures alike. */

import { count } from '#engine/common/format/count.ts'
import { runLabel } from '#engine/common/format/run-label.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { percent } from '#renderer/components/numbers.ts'

export type FieldValue = string | number | null

export type RunField = {
  readonly key: string
  readonly title: string
  readonly value: (run: RunEntry) => FieldValue
  /** Of the result, rather than of how it was made. */
  readonly isResult?: true
  /** How numbers are written; whole numbers as they are where it is left out. */
  readonly digits?: number
  /** A share from 0 to 1, written in per cent. */
  readonly isShare?: true
  readonly width: number
}

/** `bert-small + roberta-small`; of what is not transferred the method: `manual`. */
export function sourcesOf({ sources, method }: Pick<RunEntry, 'sources' | 'method'>): string {
  return sources.length === 0 ? method : sources.map(({ model }) => model).join(' + ')
}

/** As `sourcesOf`, whatever the order they were transferred in: one set is one set. */
export function setOf({ sources, method }: Pick<RunEntry, 'sources' | 'method'>): string {
  return sources.length === 0
    ? method
    : sources
        .map(({ model }) => model)
        .sort()
        .join(' + ')
}

/** What a job is called among runs: as much of its id as tells the jobs of a project apart. */
export function jobName(jobId: string): string {
  return jobId.slice(0, 8)
}

function weightsOf(run: RunEntry): string | null {
  return run.sources.length === 0
    ? null
    : run.sources.map(({ weight }) => Number(weight.toFixed(3))).join(' : ')
}

/** The label of a run: its name without the title of the job in brackets. */
export function labelOf({ name }: Pick<RunEntry, 'name'>): string {
  return runLabel(name)
}

/** Fields that hold figures, set to the right. */
const numericKeys: readonly string[] = [
  'accuracy',
  'matching',
  'retrieval',
  'retrievalCosine',
  'examples',
  'anchors',
  'kept',
  'ridge',
  'seed',
  'length',
  'seconds',
  'created'
]

export function isNumeric(key: string): boolean {
  return numericKeys.includes(key)
}

/** What of the target beside its model made a prompt. */
const targetDataNames: Readonly<Record<NonNullable<RunEntry['targetData']>, string>> = {
  none: 'none (zero-shot)',
  inputs: 'inputs without labels',
  labels: 'labels'
}

export const runFields: readonly RunField[] = [
  { key: 'name', title: 'Run', value: labelOf, width: 190 },
  { key: 'sources', title: 'Sources', value: sourcesOf, width: 210 },
  { key: 'target', title: 'Target', value: ({ target }) => target, width: 120 },
  { key: 'relation', title: 'Relation', value: ({ relation }) => relation, width: 130 },
  { key: 'task', title: 'Task', value: ({ task }) => task, width: 130 },
  {
    key: 'accuracy',
    title: 'Accuracy',
    value: ({ scores }) => scores?.accuracy ?? null,
    isResult: true,
    digits: 1,
    isShare: true,
    width: 100
  },
  {
    key: 'matching',
    title: 'Matching',
    value: ({ matching }) => matching,
    isResult: true,
    digits: 3,
    width: 100
  },
  {
    key: 'retrieval',
    title: 'Retrieval hit@1',
    value: ({ retrieval }) => retrieval?.hit1 ?? null,
    isResult: true,
    digits: 1,
    isShare: true,
    width: 130
  },
  {
    key: 'retrievalCosine',
    title: 'Retrieval cosine',
    value: ({ retrieval }) => retrieval?.cosine ?? null,
    isResult: true,
    digits: 3,
    width: 130
  },
  {
    key: 'examples',
    title: 'N',
    value: ({ scores }) => scores?.examples ?? null,
    isResult: true,
    width: 70
  },
  { key: 'weights', title: 'Weights', value: weightsOf, width: 100 },
  { key: 'anchorSet', title: 'Anchor set', value: ({ anchorSet }) => anchorSet, width: 140 },
  { key: 'anchors', title: 'Anchors', value: ({ anchors }) => anchors, width: 80 },
  { key: 'kept', title: 'k', value: ({ kept }) => kept, width: 80 },
  { key: 'mask', title: 'Mask', value: ({ mask }) => mask, width: 110 },
  { key: 'method', title: 'Method', value: ({ method }) => method, width: 100 },
  { key: 'ridge', title: 'λ', value: ({ ridge }) => ridge, digits: 6, width: 90 },
  { key: 'seed', title: 'Seed', value: ({ seed }) => seed, width: 70 },
  {
    key: 'targetData',
    title: 'Target data',
    value: ({ targetData }) => (targetData === null ? null : targetDataNames[targetData]),
    width: 150
  },
  {
    key: 'refinement',
    title: 'Refinement',
    value: ({ refinement }) => refinement?.settings ?? null,
    width: 230
  },
  {
    key: 'cost',
    title: 'Cost',
    value: ({ refinement }) => refinement?.cost ?? null,
    isResult: true,
    width: 300
  },
  { key: 'selection', title: 'Step selection', value: ({ selection }) => selection, width: 130 },
  { key: 'centre', title: 'Centring', value: ({ centre }) => centre, width: 90 },
  { key: 'rescale', title: 'Rescale', value: ({ rescale }) => rescale, width: 90 },
  { key: 'length', title: 'Vectors', value: ({ promptLength }) => promptLength, width: 80 },
  { key: 'split', title: 'Split', value: ({ split }) => split, width: 80 },
  { key: 'rankWithin', title: 'Ranked within', value: ({ rankWithin }) => rankWithin, width: 110 },
  { key: 'device', title: 'Device', value: ({ device }) => device, width: 90 },
  {
    key: 'verified',
    title: 'Model weights',
    value: ({ weightsUnverified }) => (weightsUnverified ? 'weights unverified' : null),
    isResult: true,
    width: 150
  },
  {
    key: 'chosenOn',
    title: 'Chosen on',
    value: ({ chosenOn }) => (chosenOn === null ? null : `${chosenOn.split}: not zero-shot`),
    isResult: true,
    width: 150
  },
  {
    key: 'seconds',
    title: 'Seconds',
    value: ({ seconds }) => seconds,
    isResult: true,
    digits: 3,
    width: 90
  },
  {
    key: 'job',
    title: 'Job',
    value: ({ jobId }) => (jobId === null ? null : jobName(jobId)),
    isResult: true,
    width: 90
  },
  { key: 'tags', title: 'Tags', value: ({ tags }) => tags.join(', ') || null, width: 140 },
  { key: 'created', title: 'Created', value: ({ createdAt }) => createdAt, isResult: true, width: 150 }
]

/** A field by its key. @throws where there is none: keys are the program's own */
export function requireField(key: string): RunField {
  const field = runFields.find((candidate) => candidate.key === key)
  if (field === undefined) throw new Error(`Runs have no field ${key}.`)
  return field
}

/** A value for a person. */
export function fieldText(
  { key, digits, isShare }: Pick<RunField, 'key' | 'digits' | 'isShare'>,
  value: FieldValue
): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (key === 'created') return new Date(value).toLocaleString('sv-SE').slice(0, 16)
  if (digits === undefined) return key === 'examples' ? count(value) : String(value)
  if (isShare === true) return percent(value)
  // λ and seconds are read by their leading digits, scores by their places.
  return key === 'ridge' || key === 'seconds' ? String(Number(value.toPrecision(3))) : value.toFixed(digits)
}

/** By list of runs: several figures ask it of the same thousands. */
const knownVarying = new WeakMap<readonly RunEntry[], readonly RunField[]>()

/** Fields of how runs were made that are not the same for all of them. */
export function varyingFields(runs: readonly RunEntry[]): readonly RunField[] {
  const known = knownVarying.get(runs)
  if (known !== undefined) return known
  const [first] = runs
  if (first === undefined) return []
  const varying = runFields.filter(({ value, isResult }) => {
    if (isResult === true) return false
    const given = value(first)
    return runs.some((run) => value(run) !== given)
  })
  knownVarying.set(runs, varying)
  return varying
}

/** Whether runs that agree in one field agree in the other too. */
function determines(first: RunField, second: RunField, runs: readonly RunEntry[]): boolean {
  const known = new Map<FieldValue, FieldValue>()
  for (const run of runs) {
    const [given, value] = [first.value(run), second.value(run)]
    if (known.has(given) && known.get(given) !== value) return false
    known.set(given, value)
  }
  return true
}

/** Of fields, those that no earlier one says already: a search by Adam has no λ, so λ need not be told beside it. */
export function independentFields(fields: readonly RunField[], runs: readonly RunEntry[]): RunField[] {
  const kept: RunField[] = []
  for (const field of fields) {
    if (!kept.some((earlier) => determines(earlier, field, runs))) kept.push(field)
  }
  return kept
}
