/** Where a prompt starts: random vectors, the words of a manual template, or another prompt. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import type { TuningRequest } from '#engine/common/contract/tuning.ts'
import { type Entrant, manualTemplate, promptEntrant } from '#engine/evaluation/entrant.ts'
import { parseTemplate, type Template, type TemplatePart } from '#engine/evaluation/template.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'

/** A part of a manual template with vectors in place of its words; their tokens are added to `tokens`. */
function withoutWords(part: TemplatePart, tokens: number[], model: LanguageModel): string {
  switch (part.kind) {
    case 'input':
      return '[X]'
    case 'mask':
      return '[MASK]'
    case 'vector':
      return `[V${part.index + 1}]`
    case 'text': {
      // As the template's encoder does it, so that the start answers as the manual template does.
      const wordTokens = part.text.trim() === '' ? [] : model.tokenizer.encode(part.text.trimEnd())
      return wordTokens.map((token) => `[V${tokens.push(token)}]`).join(' ')
    }
  }
}

/**
 * The manual template with a vector in place of every token of its words (OptiPrompt's `init_manual_template`),
 * and the tokens that the vectors start from.
 */
function wordsAsVectors(template: Template, model: LanguageModel): { source: string; tokens: number[] } {
  const tokens: number[] = []
  const parts = template.parts.map((part) => withoutWords(part, tokens, model))
  return { source: parts.filter((part) => part !== '').join(' '), tokens }
}

/**
 * The vectors and template that tuning starts with.
 * @param table the model's word-embedding table, `[V, e]`
 */
export function startingEntrant(
  request: Pick<TuningRequest, 'start' | 'template' | 'seed'>,
  task: Task,
  model: LanguageModel,
  table: Matrix
): Entrant {
  const { start, template, seed } = request
  switch (start.kind) {
    case 'random':
      return promptEntrant('the start', randomVectors(start.vectors, seed, model), template, model)
    case 'prompt':
      return promptEntrant('the start', start.vectors, template, model)
    case 'manual': {
      const { source, tokens } = wordsAsVectors(manualTemplate(task, template), model)
      return { name: 'the start', template: parseTemplate(source), vectors: gatherRows(table, tokens) }
    }
  }
}
