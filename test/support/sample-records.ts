/** Small, valid records of a project, for tests of the store and the queue. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { RunManifest } from '#engine/common/contract/runs.ts'
import type { TransferReport } from '#engine/common/contract/transfer.ts'
import type { NewRun } from '#store/records/runs.ts'

export function sampleReport(name: string, width: number): ModelReport {
  const table = { file: 'model.safetensors', tensor: 'embeddings', dtype: 'F32', shape: [8, width] }
  return {
    folder: `/models/${name}`,
    name,
    family: 'bert',
    vocabularySize: 8,
    width,
    table,
    alternatives: [],
    choice: 'the only one',
    rowsUsed: 8,
    paddingRows: 0,
    mean: 0,
    standardDeviation: 1,
    embeddingScale: 1,
    tokenizer: { kind: 'WordPiece', files: ['tokenizer.json'], lowercases: true, maskToken: '[MASK]' },
    fingerprint: { table: `table of ${name}`, tokenizer: `tokenizer of ${name}` },
    graph: { file: null, note: 'none' },
    notes: []
  }
}

/** `[2, width]`, with values that float32 holds only nearly, and a negative zero. */
export function samplePrompt(name: string, width: number, relation: string | null = null): Prompt {
  const data = Float32Array.from({ length: 2 * width }, (_, i) =>
    i === 0 ? -0 : Math.sin(i + (name.codePointAt(1) ?? 0))
  )
  return {
    name,
    vectors: { rows: 2, columns: width, data },
    model: { name: 'bert', tableFingerprint: 'table of bert' },
    task: null,
    relation,
    position: 'template',
    template: '[X] [V1] [V2] [MASK] .',
    origin: {
      kind: 'file',
      path: `/prompts/${name}.npy`,
      sha256: 'ab',
      format: 'npy',
      part: 'array',
      tensor: 'array',
      dtype: 'F32',
      shape: [2, width]
    },
    warnings: []
  }
}

export const sampleAnchors: AnchorSet = {
  name: 'common words',
  anchors: ['the', 'of', 'naïve'].map((surface) => ({ surface, beginsWord: true })),
  hash: 'hash of the list',
  recipe: null,
  audit: null
}

const sampleTransferReport: TransferReport = {
  vectors: [
    { matching: 0.9, perSource: [0.9], upperBound: 0.95, norm: 1, normPercentile: 0.5, nearestWords: [] }
  ],
  randomMatching: null,
  meanMatching: 0.9,
  anchorsUsed: 3,
  anchorsKept: 3,
  condition: 10,
  effectiveRank: 2.5,
  ridge: 0.1,
  notes: []
}

export const sampleAnchorsOfRuns = { name: 'common words', hash: 'hash of the list', count: 3 }

/** Runs of different names or matching have different inputs. */
function sampleManifest(inputs: string): RunManifest {
  return {
    method: { kind: 'exact', ridge: 0.1 },
    sources: [
      {
        model: { name: 'bert', fingerprint: sampleReport('bert', 4).fingerprint },
        prompt: { name: 'P19', sha256: inputs, recipe: null },
        weight: 1
      }
    ],
    target: { name: 'albert', fingerprint: sampleReport('albert', 6).fingerprint },
    prompt: null,
    seed: null,
    length: 2,
    anchors: sampleAnchorsOfRuns,
    mask: { kind: 'all' },
    centre: 'none',
    rescale: 'after',
    tuning: null,
    task: null,
    relation: 'P19',
    template: null,
    evaluation: null,
    selection: 'exact',
    device: { asked: 'auto', used: 'cpu' },
    versions: { anchorage: '0.1.0' }
  }
}

export function sampleRun(name: string, matching = 0.9): NewRun {
  return {
    cellId: null,
    promptId: null,
    name,
    manifest: sampleManifest(`${name} ${matching}`),
    matching,
    report: { ...sampleTransferReport, meanMatching: matching },
    notes: [],
    loss: null,
    chosenStep: null,
    curve: [],
    scores: null,
    predictions: null,
    seconds: 0.5,
    evaluationSeconds: null
  }
}

/** What an evaluation of one example adds to a run. */
export function evaluatedRun(run: NewRun): NewRun {
  return {
    ...run,
    manifest: {
      ...run.manifest,
      task: { name: 'P19', sha256: 'cd' },
      evaluation: {
        split: 'test',
        rankWithin: 'candidates',
        limit: null,
        skipped: { labelNotOneToken: 0, labelNotCandidate: 0, tooLong: 0, noEmbedding: 0 },
        candidates: 4
      }
    },
    scores: {
      examples: 1,
      accuracy: 1,
      accuracyInterval: { low: 1, high: 1 },
      precisionAt10: 1,
      meanReciprocalRank: 1,
      meanLoss: 0.25
    },
    predictions: [{ example: '1', input: 'king', label: 'france', rank: 1, loss: 0.25, top: [] }],
    evaluationSeconds: 1
  }
}
