/** Where a prompt starts: random vectors, the words of a manual template, or another prompt. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import type { TuningRequest } from '#engine/common/contract/tuning.ts'
import { manualTemplate, type ReadyCondition, readyPrompt } from '#engine/evaluation/ready-condition.ts'
import { parseTemplate, type Template, type TemplatePart } from '#engine/evaluation/template.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'

/** What a start asks of a model. */
export type StartModel = Pick<OpenModel, 'report' | 'kind' | 'tokenizer' | 'readRows'>

/** The vectors and template that tuning starts with, and remarks for the person. */
export type TuningStart = { readonly condition: ReadyCondition; readonly notes: readonly string[] }

/** A part of a manual template with vectors in place of its words; their tokens are added to `tokens`. */
function withoutWords(
  part: TemplatePart,
  isFirst: boolean,
  tokens: number[],
  { tokenizer }: StartModel
): string {
  switch (part.kind) {
    case 'input':
      return '[X]'
    case 'mask':
      return '[MASK]'
    case 'vector':
      return `[V${part.index + 1}]`
    case 'text': {
      // As the template's encoder does it, so that the start answers as the manual template does.
      const encode = isFirst ? tokenizer.encode : tokenizer.encodeContinuation
      const wordTokens = part.text.trim() === '' ? [] : encode(part.text.trimEnd())
      return wordTokens.map((token) => `[V${tokens.push(token)}]`).join(' ')
    }
  }
}

/** The parts of a template up to the mask, and those behind it. */
function splitAtMask({ parts }: Template): {
  before: readonly TemplatePart[]
  behind: readonly TemplatePart[]
} {
  const end = parts.findIndex(({ kind }) => kind === 'mask') + 1
  return { before: parts.slice(0, end), behind: parts.slice(end) }
}

/**
 * The manual template with a vector in place of every token of its words (OptiPrompt's `init_manual_template`), that
 * start from these tokens. A causal model sees nothing behind the mask: what stands there is left out.
 */
async function wordsAsVectors(manual: Template, model: StartModel): Promise<TuningStart> {
  const { before, behind } = splitAtMask(manual)
  const isCausal = model.kind === 'causal'
  const tokens: number[] = []
  const parts = (isCausal ? before : manual.parts).map((part, index) =>
    withoutWords(part, index === 0, tokens, model)
  )
  if (tokens.length === 0) {
    throw new AnchorageError('bad-argument', 'The manual template has no words to start vectors from.', {
      where: manual.source,
      expected: isCausal
        ? 'words before [MASK]: a causal model sees no others'
        : 'words beside [X] and [MASK]',
      next: 'Start from random vectors, or from another template.'
    })
  }
  const hidden = behind.some((part) => part.kind !== 'text' || part.text.trim() !== '')
  const template = parseTemplate(parts.filter((part) => part !== '').join(' '))
  return {
    condition: { name: 'the start', template, vectors: await model.readRows(tokens) },
    notes:
      isCausal && hidden
        ? [
            `What stands behind the mask in "${manual.source}" gets no vectors: a causal model does not see it.`
          ]
        : []
  }
}

/** A start with vectors behind the mask of a causal model: they stay as they are, and it says so. */
function withHiddenVectors(condition: ReadyCondition, { kind }: StartModel): TuningStart {
  const { behind } = splitAtMask(condition.template)
  const hidden = behind.flatMap((part) => (part.kind === 'vector' ? [`[V${part.index + 1}]`] : []))
  if (kind !== 'causal' || hidden.length === 0) return { condition, notes: [] }
  return {
    condition,
    notes: [`A causal model does not see ${hidden.join(' ')} behind the mask: they are left as they start.`]
  }
}

/** The vectors and template that tuning starts with. */
export async function tuningStart(
  { start, template, seed }: Pick<TuningRequest, 'start' | 'template' | 'seed'>,
  task: Task,
  model: StartModel
): Promise<TuningStart> {
  if (start.kind === 'manual') return await wordsAsVectors(manualTemplate(task, template), model)
  const vectors = start.kind === 'random' ? randomVectors(start.vectors, seed, model.report) : start.vectors
  return withHiddenVectors(readyPrompt('the start', vectors, template, model.report), model)
}
