/** Lists of a project as the mixing screen gets them: small models, prompts, an anchor set and a task. */
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { type MixSetup, mixChoiceSchema } from '#renderer/mix/mix-choice.ts'
import { sampleReport } from './sample-records.ts'

/** A model whose graph can be run. */
export function modelEntry(name: string): ModelEntry {
  const report = { ...sampleReport(name, 4), graph: { file: 'onnx/model.onnx', note: '' } }
  return {
    id: name,
    reference: { folder: report.folder },
    report,
    weights: null,
    hashing: null,
    missing: false
  }
}

/** A prompt of a model; its id says both. */
export function promptSummary(
  model: string,
  relation: string | null,
  change: Partial<PromptSummary> = {}
): PromptSummary {
  return {
    id: `${model} ${relation}`,
    name: relation ?? 'prompt',
    vectorCount: 5,
    width: 4,
    sha256: 'ab',
    model: { name: model, tableFingerprint: `table of ${model}` },
    task: null,
    relation,
    origin: 'file',
    runId: null,
    createdAt: 1,
    ...change
  }
}

export function taskEntry(name: string, dev = 20): TaskEntry {
  return {
    id: `task ${name}`,
    source: { kind: 'relation', folder: `/tasks/${name}`, commonVocabulary: null },
    summary: {
      name,
      kind: 'relation',
      relation: null,
      template: '[X] [Y] .',
      notes: [],
      examples: { train: 50, dev, test: 40 },
      candidates: 10,
      sha256: name
    },
    missing: false
  }
}

/** Two sources and a target; prompts of two relations. */
export const mixLists: Lists = {
  models: ['left', 'right', 'large'].map(modelEntry),
  prompts: ['left', 'right'].flatMap((model) =>
    ['P1', 'P2'].map((relation) => promptSummary(model, relation))
  ),
  sets: [{ id: 'words', name: 'words', hash: 'ab', count: 100, createdAt: 1 }],
  tasks: [taskEntry('P1')]
}

/** P1 of both sources transferred to the target. */
export const mixSetup: MixSetup = mixChoiceSchema.parse({
  promptIds: ['left P1', 'right P1'],
  targetId: 'large',
  anchorSetId: 'words'
})
