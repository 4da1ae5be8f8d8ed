/** Small, valid records of a project, for tests of the store and the queue. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { TransferReport } from '#engine/common/contract/transfer.ts'
import type { TransferManifest } from '#store/records/manifest.ts'
import type { NewRun } from '#store/records/runs.ts'
import type { TransferSettings } from '#store/records/work.ts'

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
    { matching: 0.9, perSource: [0.9], expressible: 0.95, norm: 1, normPercentile: 0.5, nearestWords: [] }
  ],
  meanMatching: 0.9,
  anchorsUsed: 3,
  anchorsKept: 3,
  condition: 10,
  effectiveRank: 2.5,
  ridge: 0.1,
  notes: []
}

const sampleManifest: TransferManifest = {
  kind: 'transfer',
  sources: [
    {
      model: { name: 'bert', fingerprint: sampleReport('bert', 4).fingerprint },
      prompt: { name: 'P19', sha256: 'ab' },
      weight: 1
    }
  ],
  target: { name: 'albert', fingerprint: sampleReport('albert', 6).fingerprint },
  anchors: { name: 'common words', hash: 'hash of the list', count: 3 },
  mask: { kind: 'all' },
  solver: { kind: 'exact', ridge: 0.1 },
  rescale: 'after',
  task: null,
  relation: 'P19',
  template: null,
  selection: 'exact',
  device: { asked: 'auto', used: 'cpu' },
  versions: { anchorage: '0.1.0' }
}

export function sampleRun(name: string, meanMatching = 0.9): NewRun {
  return {
    cellId: null,
    name,
    manifest: sampleManifest,
    report: { ...sampleTransferReport, meanMatching },
    search: null,
    seconds: 0.5
  }
}

export const sampleSettings: TransferSettings = {
  kind: 'transfer',
  sources: [{ modelId: 'source', weight: 1 }],
  targetId: 'target',
  anchorSetId: 'anchors',
  mask: { kind: 'all' },
  solver: { kind: 'exact', ridge: 0.1 },
  rescale: 'after',
  device: 'cpu',
  evaluation: null
}
