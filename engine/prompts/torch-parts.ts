/**
 * The prompts in a torch file, whatever wrote it: OpenPrompt's are known by their keys, else every matrix of
 * floating-point numbers is a candidate.
 */
import type { PromptFormat } from '#engine/common/contract/prompts.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { matrixPart, promptMatrices } from './matrix-parts.ts'
import type { PromptFacts, PromptPart } from './prompt-format.ts'

function isKey(name: string, key: string): boolean {
  return name === key || name.endsWith(`.${key}`)
}

/** OpenPrompt's SoftTemplate stands before the whole input; row 0 of a MixedTemplate's table is unused. */
function openPromptPart(tensor: StoredTensor): PromptPart | undefined {
  if (isKey(tensor.name, 'soft_embeds')) {
    return matrixPart(tensor, { format: 'openprompt', facts: { position: 'before-everything' } })
  }
  if (!isKey(tensor.name, 'soft_embedding.weight')) return undefined
  return matrixPart(tensor, {
    format: 'openprompt',
    rows: { from: 1, to: tensor.shape[0] },
    facts: { position: 'template' },
    warnings: ['Row 0, which OpenPrompt never uses, was left out.']
  })
}

/** The candidates of a torch file; `format` names those that are not OpenPrompt's. */
export async function listTorchParts(
  path: string,
  format: PromptFormat,
  facts: Partial<PromptFacts> = {}
): Promise<PromptPart[]> {
  const tensors = promptMatrices(await listTensors(path), path)
  const openPrompt = tensors.map(openPromptPart).filter((part) => part !== undefined)
  return openPrompt.length > 0 ? openPrompt : tensors.map((tensor) => matrixPart(tensor, { format, facts }))
}
