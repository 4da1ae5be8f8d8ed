/** Lists what can be imported from a file or folder, with what is known and what is missing. */
import type { PromptCandidate, PromptInspection } from '#engine/common/contract/prompts.ts'
import { listParts } from './list-parts.ts'
import type { PromptPart } from './prompt-format.ts'

/** A part as data, without its way of being read. */
function toCandidate(part: PromptPart): PromptCandidate {
  const { path, format, dtype, rows, columns, facts, rowsMustBeChosen } = part
  const choose = `The file always holds ${rows} rows: say how many of them the template uses.`
  const warnings = rowsMustBeChosen ? [choose, ...part.warnings] : part.warnings
  const { task, relation, modelName, position } = facts
  const shape = [rows, columns]
  return {
    path,
    format,
    part: part.part,
    dtype,
    shape,
    task,
    relation,
    modelName,
    position,
    rowsMustBeChosen,
    warnings
  }
}

/**
 * Candidates of a file, or of everything under a folder; only headers are read.
 * @throws the reason why a single file can't be imported; under a folder reasons are listed instead.
 */
export async function inspectPrompts(path: string, signal?: AbortSignal): Promise<PromptInspection> {
  const { parts, refused } = await listParts(path, signal)
  return {
    candidates: parts.map(toCandidate),
    refused: refused.map(({ path: file, error: { message, detail } }) => {
      const { found, expected, next } = detail
      return { path: file, message, found, expected, next }
    })
  }
}
