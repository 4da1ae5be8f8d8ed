/** Runs as windows get them, for tests of tables and pictures. */
import type { Scores } from '#engine/common/contract/evaluation.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'

type Given = Partial<
  Pick<
    RunEntry,
    'target' | 'matching' | 'method' | 'relation' | 'anchors' | 'targetData' | 'refinement' | 'createdAt'
  >
> & {
  sources?: readonly string[]
  accuracy?: number | null
}

function scoresOf(accuracy: number): Scores {
  return {
    examples: 50,
    accuracy,
    accuracyInterval: { low: accuracy, high: accuracy },
    precisionAt10: 1,
    meanReciprocalRank: accuracy,
    meanLoss: 1
  }
}

export function runEntry(id: string, { sources = ['bert'], accuracy = 0.5, ...given }: Given = {}): RunEntry {
  const method = given.method ?? 'exact'
  return {
    id,
    name: `P1 (${sources.join(' + ')})`,
    jobId: null,
    promptId: `prompt of ${id}`,
    sources: sources.map((model) => ({ model, table: `table of ${model}`, prompt: 'P1', weight: 1 })),
    target: 'gpt2',
    targetTable: 'table of gpt2',
    relation: 'P1',
    promptLength: 5,
    anchorSet: 'common',
    anchors: 512,
    kept: null,
    mask: 'all',
    method,
    task: 'P1',
    ridge: method === 'exact' ? 0.01 : null,
    seed: method === 'adam' ? 1 : null,
    selection: method === 'exact' ? 'exact' : 'lowest-loss',
    targetData: 'none',
    refinement: null,
    centre: 'none',
    rescale: 'after',
    device: 'cpu',
    matching: 0.9,
    retrieval: null,
    scores: accuracy === null ? null : scoresOf(accuracy),
    split: accuracy === null ? null : 'test',
    rankWithin: accuracy === null ? null : 'candidates',
    weightsUnverified: false,
    archived: false,
    tags: [],
    seconds: 0.1,
    createdAt: 0,
    ...given
  }
}
