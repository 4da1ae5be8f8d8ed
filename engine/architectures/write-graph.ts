/** Writes the graph of a model from its settings and weights. */
import { dirname, relative } from 'node:path'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelFile } from '#engine/onnx/model-file.ts'
import { checkpointWeights } from './checkpoint-weights.ts'
import { noHead } from './layers/head.ts'
import { decoderAxes, modelWriter, opset, type RowLayout, tokenAxes } from './model-writer.ts'
import type { ConfigFile } from './settings.ts'
import { architectures } from './table.ts'
import type { WeightSource } from './weight-source.ts'

const kindSchema = z.looseObject({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  quantization_config: z.looseObject({ quant_method: z.string().optional() }).nullish()
})

/** Architectures whose checkpoints have no head for words, though a tied table could stand in for one. */
const headless = /(?<!LMHead)Model$|For(Sequence|Token|Question|Multiple|Image|Audio)/

/**
 * The graph of a language model: inputs `input_ids`, and where the family asks for them `attention_mask` and
 * `token_type_ids`, `[n, length]`; output `logits [n, length, V]`. Of an encoder-decoder these are the encoder's, and the
 * logits follow the input `decoder_input_ids`. The builder can go on, for example with a loss.
 * @param layout several sequences in a row are for causal models alone; what they are told stands in two more inputs,
 * `position_ids [n, length]` and `anchorage_visible [n, length, length]`
 * @throws AnchorageError `unsupported` for a family or a setting that no graph is written for, `not-found` and
 * `mismatch` for weights that are missing or of other sizes
 */
export function writeGraph(
  config: ConfigFile,
  weights: WeightSource,
  layout: RowLayout = 'one sequence'
): GraphBuilder {
  const settings = kindSchema.parse(config.settings)
  const family = settings.model_type ?? 'none'
  if (!Object.hasOwn(architectures, family)) throw unknownFamily(config, family)
  if (settings.quantization_config) throw quantised(config, settings.quantization_config.quant_method)
  const [architecture] = settings.architectures ?? []
  if (architecture !== undefined && headless.test(architecture))
    throw noHead(`the architecture ${architecture}`)
  const graph = graphBuilder({ opset })
  const model = modelWriter(graph, weights, layout)
  const logits = architectures[family](config, model)
  const shape = model.shape(logits)
  const axes = graph.model.graph.input.some(({ name }) => name === 'decoder_input_ids')
    ? decoderAxes
    : tokenAxes
  graph.output(graph.namedNode('logits', 'Identity', [logits]), 'float32', [...axes, shape[2]])
  return graph
}

/**
 * The graph of a model folder's weights; they stay where they are.
 * @param tensors of the checkpoint, from one file or from the shards of one index
 * @throws AnchorageError as {@link writeGraph} does
 */
export function writeCheckpointGraph(
  config: ConfigFile,
  tensors: readonly StoredTensor[],
  layout: RowLayout = 'one sequence'
): ModelFile {
  const folder = commonFolder(tensors.map(({ file }) => file))
  const weights = checkpointWeights({ folder, tensors })
  const { model } = writeGraph(config, weights, layout)
  return { path: tensors[0]?.file ?? config.path, folder, model, computed: weights.computed }
}

/** The folder that all files lie in or below. */
function commonFolder(files: readonly string[]): string {
  const folders = [...new Set(files.map((file) => dirname(file)))]
  return folders.reduce((common, folder) => {
    let shared = common
    while (relative(shared, folder).startsWith('..')) shared = dirname(shared)
    return shared
  }, folders[0] ?? '')
}

function unknownFamily({ path }: ConfigFile, family: string): AnchorageError {
  return new AnchorageError('unsupported', `No graph is written for models of the type ${family}.`, {
    where: `${path}, setting model_type`,
    found: family,
    expected: Object.keys(architectures).join(', '),
    next: 'Export the model to ONNX, for example with optimum-cli export onnx.'
  })
}

function quantised({ path }: ConfigFile, method = 'unknown'): AnchorageError {
  return new AnchorageError('unsupported', 'No graph is written for quantised weights.', {
    where: `${path}, setting quantization_config`,
    found: `weights quantised by ${method}`,
    expected: 'weights in float32, float16 or bfloat16',
    next: 'Use the original model, which the quantised one was made from.'
  })
}
