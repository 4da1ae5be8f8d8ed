/**
 * Makes one graph of the two that exporters write for an encoder-decoder (Optimum, transformers.js): `encoder_model`, from
 * `input_ids` and `attention_mask` to `last_hidden_state`, and `decoder_model`, which reads it as `encoder_hidden_states`
 * beside `encoder_attention_mask` and `input_ids` of its own.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { innerGraphs, valuesRead } from './graph-view.ts'
import type { DimensionProto, GraphProto, ModelProto, ValueInfoProto } from './messages.ts'
import type { ModelFile } from './model-file.ts'

/** The inputs of a decoder that the encoder's side gives. */
const states = 'encoder_hidden_states'
const textMask = 'encoder_attention_mask'

function dimensionsOf(infos: readonly ValueInfoProto[], name: string): readonly DimensionProto[] {
  return infos.find((info) => info.name === name)?.type?.tensorType?.shape?.dim ?? []
}

/** The names of sizes that both halves have, as the encoder calls them, by those of the decoder. */
function sharedSizes(encoder: GraphProto, decoder: GraphProto): Map<string, string> {
  const text = dimensionsOf(encoder.input, 'input_ids')
  const seen = dimensionsOf(decoder.input, states)
  return new Map(
    [0, 1].flatMap((axis): [string, string][] => {
      const [own, other] = [seen[axis]?.dimParam, text[axis]?.dimParam]
      return own === undefined || other === undefined ? [] : [[own, other]]
    })
  )
}

/** Gives every value, node and size of a graph, and of those inside it, the name that `rename` answers with, in place. */
function renameAll(graph: GraphProto, rename: (name: string) => string, sizes: ReadonlyMap<string, string>) {
  for (const info of [...graph.input, ...graph.output, ...graph.valueInfo]) {
    info.name = rename(info.name)
    for (const dim of info.type?.tensorType?.shape?.dim ?? []) {
      if (dim.dimParam) dim.dimParam = sizes.get(dim.dimParam) ?? `decoder_${dim.dimParam}`
    }
  }
  for (const tensor of graph.initializer) tensor.name = rename(tensor.name)
  for (const node of graph.node) {
    node.name = rename(node.name)
    node.input = node.input.map(rename)
    node.output = node.output.map(rename)
    for (const inner of innerGraphs(node)) renameAll(inner, rename, sizes)
  }
}

function refuse(path: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('unsupported', 'The two graphs of an encoder-decoder do not fit together.', {
    where: path,
    found,
    expected,
    next: 'Export the model again, for example with optimum-cli export onnx.'
  })
}

/** The versions of operators of both; those of one domain must agree. */
function joinOperatorSets(encoder: ModelProto, decoder: ModelProto, path: string): ModelProto['opsetImport'] {
  const joined = new Map(encoder.opsetImport.map((set) => [set.domain, set]))
  for (const set of decoder.opsetImport) {
    const other = joined.get(set.domain)
    if (other !== undefined && other.version !== set.version) {
      throw refuse(path, `operator set ${set.version}`, `${other.version}, as in the encoder`)
    }
    joined.set(set.domain, set)
  }
  return [...joined.values()]
}

/**
 * The whole model: `input_ids`, `attention_mask` and `decoder_input_ids` in, the decoder's `logits` out.
 * @param decoder of the same folder as the encoder; its graph is changed
 * @throws `unsupported` where they do not fit
 */
export function joinHalves(encoder: ModelFile, decoder: ModelFile): ModelFile {
  const { graph } = encoder.model
  const second = decoder.model.graph
  const [output] = graph.output
  const inputs = second.input.map(({ name }) => name)
  if (graph.output.length !== 1 || !inputs.includes(states)) {
    throw refuse(
      decoder.path,
      `the encoder's outputs ${graph.output.map(({ name }) => name).join(', ')}; the decoder's inputs ${inputs.join(', ')}`,
      `one output of the encoder, which the decoder reads as ${states}`
    )
  }
  const fixed: Readonly<Record<string, string>> = {
    '': '',
    [states]: output.name,
    [textMask]: 'attention_mask',
    input_ids: 'decoder_input_ids',
    logits: 'logits'
  }
  renameAll(second, (name) => fixed[name] ?? `decoder/${name}`, sharedSizes(graph, second))
  // What the encoder's side gives is no input any more, nor are the caches of a merged decoder, which nothing reads.
  const given = new Set([output, ...graph.input].map(({ name }) => name))
  const read = new Set(second.node.flatMap((node) => [...valuesRead(node)]))
  return {
    ...encoder,
    model: {
      ...encoder.model,
      opsetImport: joinOperatorSets(encoder.model, decoder.model, decoder.path),
      functions: [...encoder.model.functions, ...decoder.model.functions],
      graph: {
        ...graph,
        node: [...graph.node, ...second.node],
        initializer: [...graph.initializer, ...second.initializer],
        input: [...graph.input, ...second.input.filter(({ name }) => read.has(name) && !given.has(name))],
        output: second.output.filter(({ name }) => name === 'logits'),
        valueInfo: [...graph.valueInfo, ...second.valueInfo]
      }
    }
  }
}
