/** Says how prompts enter a model's graph, where answers leave it, and whether gradients pass between. */
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import type { GraphReport } from '#engine/common/contract/graphs.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import { openModel } from '#engine/models/open-model.ts'
import { standardOpset } from '#engine/onnx/gradients/opset.ts'
import { checkPromptGradient } from '#engine/onnx/gradients/prompt-gradient.ts'
import { readGraph } from './open-language-model.ts'

/**
 * @throws AnchorageError where the folder has no graph to run, or one that prompts or answers cannot be grafted
 * on: it says which part of the pattern is missing
 */
export async function inspectGraph(reference: ModelReference, signal?: AbortSignal): Promise<GraphReport> {
  const opened = await openModel(reference, signal)
  const prompted = await readGraph(opened)
  const { path, model, graft, head } = prompted
  throwIfCancelled(signal)
  const { operators, obstacles } = checkPromptGradient(prompted)
  return {
    file: path,
    operatorSet: standardOpset(model),
    graft: {
      table: graft.table,
      idsInput: graft.idsInput,
      firstVirtualToken: graft.vocabularySize,
      width: graft.width
    },
    answers: { isRestricted: head.isRestricted, note: head.note },
    operators: { ...operators },
    obstacles: [...obstacles]
  }
}
