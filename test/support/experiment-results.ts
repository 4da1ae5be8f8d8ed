/** Made-up results of an experiment: its cells by the real expansion, its answers from a rule of the test. */
import type { KeptPrediction } from '#engine/common/contract/runs.ts'
import { createRunReducer } from '#main/experiments/execute/evaluated-runs.ts'
import type { EvaluatedRun, ExperimentCell, ExperimentResults } from '#main/experiments/execute/results.ts'
import type { CellSpecification } from '#main/experiments/plan/expand.ts'
import { expandSection } from '#main/experiments/plan/expand.ts'
import { type ExperimentFile, experimentFileSchema } from '#main/experiments/spec/experiment-file.ts'

export type MadeUpAnswers = {
  /** Rank of the label of every example of the task, in order. */
  readonly ranks: readonly number[]
  readonly matching?: number
  /** Along the search: matching and accuracy, step after step. */
  readonly curve?: readonly (readonly [matching: number, accuracy: number])[]
  readonly selection?: EvaluatedRun['manifest']['selection']
  /** Of a refinement without labels: what it cost. */
  readonly refined?: { readonly inputs: number; readonly steps: number }
}

export type MadeUpExperiment = {
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

function refinementOf({ refined }: MadeUpAnswers): Pick<EvaluatedRun['manifest'], 'refinement'> {
  if (refined === undefined) return {}
  const { inputs, steps } = refined
  const teaching = { inputs, trained: inputs, heldOut: 0, candidates: 2, confidence: 1 }
  const task = { name: 'taught', sha256: 'd'.repeat(64) }
  return { refinement: { task, teaching, steps, ended: 'finished' } }
}

type MadeUpRun = Parameters<ReturnType<typeof createRunReducer>>

function makeRun(cell: ExperimentCell, experiment: ExperimentFile, answers: MadeUpAnswers): MadeUpRun {
  const { ranks, matching = null, curve = [], selection = 'none' } = answers
  const predictions = ranks.map(
    (rank, index): KeptPrediction => ({
      example: `example ${index}`,
      input: null,
      label: null,
      rank,
      loss: 1,
      top: [{ word: 'word', probability: null }]
    })
  )
  const method = experiment.methods[cell.method]
  if (method === undefined) throw new RangeError(`no method ${cell.method}`)
  const { seed, length, mask, centre, rescale } = cell
  const run = {
    manifest: {
      method,
      sources: cell.sources.map(({ model, weight }) => ({
        model: { name: model, fingerprint },
        prompt: { name: model, sha256: 'c'.repeat(64), recipe: null },
        weight
      })),
      target: { name: cell.target, fingerprint },
      prompt: null,
      seed,
      length,
      anchors: cell.anchors === null ? null : { name: 'shared', hash: 'e'.repeat(64), count: cell.anchors },
      mask,
      centre,
      rescale,
      tuning: null,
      ...refinementOf(answers),
      task: { name: cell.task.name, sha256: 'd'.repeat(64) },
      relation: cell.task.name,
      template: '[X] [V1] [MASK] .',
      evaluation: {
        split: 'test' as const,
        rankWithin: 'candidates' as const,
        limit: null,
        skipped: nothingSkipped,
        candidates: null
      },
      selection,
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
    matching,
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
  return [run, predictions]
}

export function madeUpResults({
  file,
  tasks,
  widths,
  answers,
  sharedAnchors = 1000
}: MadeUpExperiment): ExperimentResults {
  const experiment = experimentFileSchema.parse(file)
  const results = new Map<string, EvaluatedRun>()
  const reduce = createRunReducer()
  const sections = experiment.sections.map((section) => {
    const specifications = expandSection(experiment, section, { tasks, widths, sharedAnchors })
    const cells = specifications.map((specification): ExperimentCell => {
      const cell = {
        ...specification,
        sources: [...specification.sources],
        id: JSON.stringify(specification),
        kind: experiment.methods[specification.method]?.kind ?? ''
      }
      const answered = answers(specification)
      if (answered !== null) results.set(cell.id, reduce(...makeRun(cell, experiment, answered)))
      return cell
    })
    return { ...section, cells }
  })
  return { experiment, file: experiment, sharedAnchors, sections, results, versions: { anchorage: '1' } }
}
