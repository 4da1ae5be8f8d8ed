/** Made-up results of a study: its cells by the real expansion, its answers from a rule of the test. */
import { createResultReducer } from '#main/experiments/execute/asked-results.ts'
import type {
  AskedResult,
  StudyCell,
  StudyPrediction,
  StudyResult,
  StudyResults
} from '#main/experiments/execute/results.ts'
import type { CellSpecification } from '#main/experiments/plan/expand.ts'
import { expandExperiment } from '#main/experiments/plan/expand.ts'
import { studyFileSchema } from '#main/experiments/spec/study-file.ts'

export type MadeUpAnswers = {
  /** Rank of the label of every example of the task, in order. */
  readonly ranks: readonly number[]
  readonly matching?: number
  /** Along the search: matching and accuracy, step after step. */
  readonly curve?: readonly (readonly [matching: number, accuracy: number])[]
  readonly selection?: StudyResult['selection']
}

export type MadeUpStudy = {
  /** As the file holds it. */
  readonly file: unknown
  readonly tasks: Readonly<Record<string, readonly string[]>>
  readonly widths: Readonly<Record<string, number>>
  readonly sharedAnchors?: number
  /** Null: the cell was not run. */
  readonly answers: (cell: CellSpecification) => MadeUpAnswers | null
}

const fingerprint = { table: 'a'.repeat(64), tokenizer: 'b'.repeat(64) }
const nothingSkipped = { labelNotOneToken: 0, labelNotCandidate: 0, tooLong: 0, noEmbedding: 0 }

function makeResult(cell: StudyCell, study: StudyResults['study'], answers: MadeUpAnswers): StudyResult {
  const { ranks, matching = null, curve = [], selection = 'none' } = answers
  const predictions = ranks.map(
    (rank, index): StudyPrediction => ({ example: `example ${index}`, rank, loss: 1, answer: 'word' })
  )
  const method = study.methods[cell.method]
  if (method === undefined) throw new RangeError(`no method ${cell.method}`)
  const { seed, length, mask, rescale } = cell
  return {
    id: cell.id,
    manifest: {
      inputs: {
        method,
        sources: cell.sources.map(({ weight }) => ({ model: fingerprint, prompt: 'c'.repeat(64), weight })),
        target: fingerprint,
        prompt: null,
        task: { sha256: 'd'.repeat(64), limit: null },
        seed,
        length,
        anchors: cell.anchors === null ? null : { hash: 'e'.repeat(64), count: cell.anchors },
        mask,
        rescale
      },
      template: '[X] [V1] [MASK] .',
      device: { asked: 'auto', used: 'cpu' },
      versions: { anchorage: '1' }
    },
    // The report counts answers itself.
    scores: {
      examples: ranks.length,
      accuracy: 0,
      accuracyInterval: { low: 0, high: 0 },
      precisionAt10: 0,
      meanReciprocalRank: 0,
      meanLoss: 0
    },
    skipped: nothingSkipped,
    predictions,
    matching,
    selection,
    chosenStep: null,
    curve: curve.map(([at, accuracy], index) => ({
      step: 10 * index,
      matching: at,
      accuracy,
      meanReciprocalRank: accuracy
    })),
    notes: [],
    seconds: 1
  }
}

export function madeUpResults({
  file,
  tasks,
  widths,
  answers,
  sharedAnchors = 1000
}: MadeUpStudy): StudyResults {
  const study = studyFileSchema.parse(file)
  const results = new Map<string, AskedResult>()
  const reduce = createResultReducer()
  const experiments = study.experiments.map((experiment) => {
    const specifications = expandExperiment(study, experiment, { tasks, widths, sharedAnchors })
    const cells = specifications.map((specification): StudyCell => {
      const cell = {
        ...specification,
        sources: [...specification.sources],
        id: JSON.stringify(specification),
        kind: study.methods[specification.method]?.kind ?? ''
      }
      const answered = answers(specification)
      if (answered !== null) results.set(cell.id, reduce(makeResult(cell, study, answered)))
      return cell
    })
    return { ...experiment, cells }
  })
  return { study, sharedAnchors, experiments, results, versions: { anchorage: '1' } }
}
