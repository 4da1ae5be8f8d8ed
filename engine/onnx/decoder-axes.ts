/**
 * Exports of an encoder-decoder in one graph may give both lengths, of the text and of what the decoder was given, one
 * name: that of the example that they were traced with. onnxruntime takes a name for one size and reuses memory by it.
 */
import type { DimensionProto, ModelProto } from './messages.ts'

function lengthOf(model: ModelProto, input: string): DimensionProto | undefined {
  return model.graph.input.find(({ name }) => name === input)?.type?.tensorType?.shape?.dim[1]
}

/** Gives the decoder's length a name of its own where it has that of the text, in place. */
export function separateDecoderLength(model: ModelProto): void {
  const shared = lengthOf(model, 'input_ids')?.dimParam
  const own = lengthOf(model, 'decoder_input_ids')
  if (own === undefined || shared === undefined || own.dimParam !== shared) return
  for (const input of ['decoder_input_ids', 'decoder_attention_mask']) {
    const length = lengthOf(model, input)
    if (length?.dimParam === shared) length.dimParam = `decoder_${shared}`
  }
  // Which of the two is meant inside is not known; what is left out follows from the inputs.
  model.graph.valueInfo = []
}
