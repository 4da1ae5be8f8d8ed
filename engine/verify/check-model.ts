/** Checks one model folder against the `reference.safetensors` beside it, part by part; what it can't do, it says. */
import { join } from 'node:path'
import { AnchorageError, errorToData } from '#engine/common/contract/errors.ts'
import {
  type CheckedPart,
  checkedPartNames,
  type ModelCheck,
  type Precision,
  type Verdict,
  type VerifyRow
} from '#engine/common/contract/verify.ts'
import { type OpenModel, openModelAlone } from '#engine/models/open-model.ts'
import { readGraphFile } from '#engine/onnx/graph-file.ts'
import { graphPrecision } from '#engine/onnx/graph-precision.ts'
import { largestDifference, largestOf, verifyRow } from './compare.ts'
import { type Comparison, type ModelComparisons, modelComparisons } from './model-comparisons.ts'
import { referenceComparisons } from './reference-comparisons.ts'
import { type ReferenceNumbers, readReferenceNumbers, referenceFile } from './reference-numbers.ts'
import { tablePrecision } from './table-precision.ts'
import { tolerances } from './tolerances.ts'

/** From best to worst. */
const verdicts: readonly Verdict[] = ['right', 'right-to-its-precision', 'refused', 'differs', 'failed']

/** Nothing is tuned on quantised graphs: that it is refused is as it should be. */
function counts({ part, precision, verdict }: CheckedPart): boolean {
  return !(part === 'tune' && verdict === 'refused' && (precision === '8-bit' || precision === '4-bit'))
}

function worst(found: readonly Verdict[]): Verdict {
  return found.reduce((one, other) => (verdicts.indexOf(other) > verdicts.indexOf(one) ? other : one))
}

/** Errors that tell a person what is wrong with the folder; the others are faults of the program. */
function isRefusal(thrown: unknown): boolean {
  return thrown instanceof AnchorageError && !['internal', 'device-failed'].includes(thrown.code)
}

function unchecked(
  part: CheckedPart['part'],
  precision: Precision,
  thrown: unknown,
  verdict: 'refused' | 'failed'
): CheckedPart {
  if (thrown instanceof AnchorageError && thrown.code === 'cancelled') throw thrown
  const { stack: _, ...error } = errorToData(thrown)
  return { part, verdict, precision, comparisons: [], error }
}

/** A comparison as a row; relative to the largest expected value where it says so. */
function rowOf(
  { what, quantity, actual, expected, isRelative }: Comparison,
  precision: Precision
): VerifyRow {
  const unit = isRelative ? largestOf(expected) : 1
  return verifyRow(what, largestDifference(what, actual, expected) / unit, tolerances[precision][quantity])
}

function verdictOf(comparisons: readonly Comparison[], precision: Precision): Verdict {
  const agree = (as: Precision) => comparisons.every((comparison) => rowOf(comparison, as).agrees)
  if (agree('float32')) return 'right'
  return agree(precision) ? 'right-to-its-precision' : 'differs'
}

async function checkPart(
  part: CheckedPart['part'],
  precision: Precision,
  compute: ModelComparisons[CheckedPart['part']]
): Promise<CheckedPart> {
  let comparisons: readonly Comparison[]
  try {
    comparisons = await compute()
  } catch (thrown) {
    return unchecked(part, precision, thrown, isRefusal(thrown) ? 'refused' : 'failed')
  }
  try {
    const rows = comparisons.map((comparison) => rowOf(comparison, precision))
    return { part, verdict: verdictOf(comparisons, precision), precision, comparisons: rows, error: null }
  } catch (thrown) {
    // As many numbers as PyTorch has were not computed.
    return unchecked(part, precision, thrown, 'failed')
  }
}

/** The precision of the graph that is run; that of the table where there is none, or none that can be read. */
async function precisionOf({ report, folder }: OpenModel): Promise<Precision> {
  const ofTable = tablePrecision(report.table.dtype)
  if (report.graph.file === null) return ofTable
  try {
    return graphPrecision((await readGraphFile(join(folder, report.graph.file))).model.graph)
  } catch {
    // Whoever opens the graph next says what is wrong with it.
    return ofTable
  }
}

function comparisonsOf(model: OpenModel, numbers: ReferenceNumbers): ModelComparisons {
  return numbers.has('word_embeddings')
    ? referenceComparisons(model, numbers)
    : modelComparisons(model, numbers)
}

async function checkParts(model: OpenModel, numbers: ReferenceNumbers): Promise<CheckedPart[]> {
  const compare = comparisonsOf(model, numbers)
  const precision = await precisionOf(model)
  // One after the other: of a large model, one session at a time.
  return [
    await checkPart('table', tablePrecision(model.report.table.dtype), compare.table),
    await checkPart('query', precision, compare.query),
    await checkPart('tune', precision, compare.tune)
  ]
}

/**
 * Checks a model; nothing of it is kept afterwards.
 * @param folder with the model and its `reference.safetensors`
 * @throws `cancelled`, and what is wrong with the reference file itself
 */
export async function checkModel(folder: string, signal?: AbortSignal): Promise<ModelCheck> {
  const numbers = await readReferenceNumbers(join(folder, referenceFile))
  let family: string | null = null
  let parts: CheckedPart[]
  try {
    const model = await openModelAlone({ folder }, signal)
    family = model.report.family
    parts = await checkParts(model, numbers)
  } catch (thrown) {
    const verdict = isRefusal(thrown) ? 'refused' : 'failed'
    parts = checkedPartNames.map((part) => unchecked(part, 'float32', thrown, verdict))
  }
  return { family, verdict: worst(parts.filter(counts).map(({ verdict }) => verdict)), parts }
}
