/**
 * The scale that other programs hold prompts in. Gemma, scaled BART and others multiply word embeddings by a factor as
 * they look them up. PEFT, llama.cpp and vLLM put vectors in behind that, so their files carry the factor; our prompts
 * are rows of the table before it. Some families multiply what is put in as well: there the rows go in as they are.
 */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { PromptFormat, PromptModel } from '#engine/common/contract/prompts.ts'

/**
 * Readers that put vectors in behind the lookup, with the families (`model_type`) that multiply them there. Measured with
 * tiny models in transformers 5.24 and llama.cpp (Gemma, Granite, FSMT), else read in the model code of transformers 5.24,
 * llama-cpp-python 0.3.36 and vLLM 0.33: see test/fixtures/readers.
 */
const multipliedByModel: Partial<Record<PromptFormat, RegExp>> = {
  peft: /^(granite|hyperclovax|fsmt$|recurrent_gemma|t5gemma$)/,
  'llama-cpp': /^(gemma2?$|granite|minicpm)/,
  vllm: /^(granite|hyperclovax|falcon_h1)/
}

/** What a row of the model's table is multiplied by to be a vector of a file of this format; 1 where nothing is. */
export function scaleIn(format: PromptFormat, model: PromptModel | null): number {
  const families = multipliedByModel[format]
  return model === null || families === undefined || families.test(model.family) ? 1 : model.embeddingScale
}

/** The vectors times a factor; themselves where it is 1. */
export function scaled(vectors: Matrix, factor: number): Matrix {
  return factor === 1 ? vectors : { ...vectors, data: vectors.data.map((value) => value * factor) }
}

/** Before 5.4, transformers multiplied these behind the place where vectors enter. */
const movedFamilies = /^gemma2?$/

/** What to know of the scale of a file, or nothing where the model multiplies nothing. */
export function scaleNotes(format: PromptFormat, model: PromptModel | null): string[] {
  if (multipliedByModel[format] === undefined) return []
  if (model === null) {
    return [
      'The model was not named: vectors are taken as rows of its table. Name it if it multiplies embeddings (Gemma, scaled BART).'
    ]
  }
  const { family, embeddingScale } = model
  if (embeddingScale === 1) return []
  const times = embeddingScale.toPrecision(6)
  if (scaleIn(format, model) === 1) {
    return [`The vectors are rows of the table: ${family} multiplies them by ${times} there as well.`]
  }
  const note = `The vectors in the file are rows of the table × ${times}: ${family} multiplies embeddings before they enter.`
  return format === 'peft' && movedFamilies.test(family)
    ? [
        note,
        'transformers before 5.4 multiplies them once more: there they are rows of the table themselves.'
      ]
    : [note]
}
