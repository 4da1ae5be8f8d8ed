/**
 * The kind of a language model: it decides how a model is asked. The name of its architecture says it, not the
 * tokenizer: transformers 5 gives the tokenizers of causal models a mask token too (Gemma).
 */
import type { ModelKind } from '#engine/common/contract/models.ts'

/** What `config.json` says of the kind. */
export type KindSettings = {
  readonly architecture: string | undefined
  readonly isEncoderDecoder: boolean
  /** Whether the settings of the language model stand apart, beside those for images or sound. */
  readonly isMultimodal: boolean
}

function namedKind({ architecture = '', isEncoderDecoder, isMultimodal }: KindSettings): ModelKind | null {
  if (/For(MaskedLM|PreTraining)$/.test(architecture)) return 'masked'
  if (architecture.endsWith('ForCausalLM')) return 'causal'
  if (isEncoderDecoder) return 'encoder-decoder'
  // Models of text and images are called so too, with a causal language model inside.
  if (architecture.endsWith('ForConditionalGeneration')) return isMultimodal ? 'causal' : 'encoder-decoder'
  // XLM's and FlauBERT's `…WithLMHeadModel` are of either kind.
  return /(?<!With)LMHeadModel$/.test(architecture) ? 'causal' : null
}

/**
 * The kind of a model, and a remark where its architecture's name does not say: then a mask token of its tokenizer
 * decides.
 */
export function modelKind(
  settings: KindSettings,
  hasMaskToken: boolean
): { kind: ModelKind; notes: string[] } {
  const named = namedKind(settings)
  if (named !== null) return { kind: named, notes: [] }
  const kind = hasMaskToken ? 'masked' : 'causal'
  const found = settings.architecture ?? 'no architecture'
  const because = `its tokenizer has ${hasMaskToken ? 'a' : 'no'} mask token`
  return {
    kind,
    notes: [`config.json names ${found}: taken for a ${kind} language model, since ${because}.`]
  }
}
