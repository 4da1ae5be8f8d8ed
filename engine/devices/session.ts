/**
 * The one door to onnxruntime: sessions over a model in memory or on disk, fed and answering with plain
 * tensors. A `run` blocks its thread until the graph is through, so callers keep steps short.
 */
import * as onnxruntime from 'onnxruntime-node'
import type { Provider } from '#engine/common/contract/devices.ts'
import { AnchorageError, messageOf } from '#engine/common/contract/errors.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'

export type { Provider } from '#engine/common/contract/devices.ts'

export type SessionSettings = {
  device: Provider
  /** Folder of the files that hold the model's external data, for a model that is given as bytes. */
  externalDataFolder?: string
  /** External data that is in memory, by its location. */
  externalData?: readonly { readonly path: string; readonly data: Uint8Array }[]
  graphOptimization?: 'all' | 'disabled'
  /** Threads per operator; by default `ANCHORAGE_THREADS`, where it is not set onnxruntime's choice: the physical cores. */
  threads?: number
  /**
   * Whether threads wait for the next operator by spinning, onnxruntime's way: good for one long run, while among short
   * ones it takes a core from the work between them.
   */
  spinning?: boolean
}

export type Session = {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Runs the graph once; the answer holds every output, or those named in `outputs`. */
  readonly run: (
    feeds: Record<string, Tensor>,
    outputs?: readonly string[]
  ) => Promise<Record<string, Tensor>>
  readonly release: () => Promise<void>
}

/** Our tensor from onnxruntime's; float16 arrives as Float16Array where the platform has it. */
function fromRuntime(name: string, value: onnxruntime.Tensor): Tensor {
  const { type, dims, data } = value
  if (type === 'float32' && data instanceof Float32Array) return { type, dims, data }
  if (type === 'float64' && data instanceof Float64Array) return { type, dims, data }
  if (type === 'int64' && data instanceof BigInt64Array) return { type, dims, data }
  if (type === 'int32' && data instanceof Int32Array) return { type, dims, data }
  if (type === 'int8' && data instanceof Int8Array) return { type, dims, data }
  if (type === 'uint8' && data instanceof Uint8Array) return { type, dims, data }
  if (type === 'bool' && data instanceof Uint8Array) return { type, dims, data }
  if (type === 'float16' && ArrayBuffer.isView(data))
    return { type, dims, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) }
  throw new AnchorageError('unsupported', `The model answers with a kind of tensor that is not read here.`, {
    where: `output ${name}`,
    found: type,
    expected: 'float32, float64, float16, int64, int32, int8, uint8 or bool'
  })
}

function toRuntime(tensors: Record<string, Tensor>): Record<string, onnxruntime.Tensor> {
  const converted: Record<string, onnxruntime.Tensor> = {}
  for (const [name, { type, dims, data }] of Object.entries(tensors))
    converted[name] = new onnxruntime.Tensor(type, data, dims)
  return converted
}

/** An error of onnxruntime as one of ours; ours pass as they are. */
function deviceFailure(what: string, device: Provider, thrown: unknown): AnchorageError {
  if (thrown instanceof AnchorageError) return thrown
  return new AnchorageError(
    'device-failed',
    `onnxruntime could not ${what}.`,
    {
      where: `device ${device}`,
      found: messageOf(thrown),
      next: device === 'cpu' ? undefined : 'Choose the device cpu.'
    },
    thrown
  )
}

/** For machines whose cores belong to others too; what is no whole number from 1 on is as if it was not set. */
function threadsOfEnvironment(): number | undefined {
  const threads = Number(process.env['ANCHORAGE_THREADS'])
  return Number.isInteger(threads) && threads > 0 ? threads : undefined
}

function sessionOptions(settings: SessionSettings): onnxruntime.InferenceSession.SessionOptions {
  const {
    device,
    externalDataFolder,
    externalData = [],
    graphOptimization = 'all',
    threads = threadsOfEnvironment(),
    spinning
  } = settings
  return {
    executionProviders: [device],
    graphOptimizationLevel: graphOptimization,
    /** Nothing is printed: what goes wrong is thrown, and a warning about a graph is of no use to a person. */
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(externalData.length === 0 ? {} : { externalData }),
    extra: {
      session: {
        ...(spinning === false ? { intra_op: { allow_spinning: '0' } } : {}),
        ...(externalDataFolder === undefined
          ? {}
          : { model_external_initializers_file_folder_path: externalDataFolder })
      }
    }
  }
}

/**
 * Opens a model, given as bytes or as the path of its file.
 * @throws AnchorageError `device-failed` when onnxruntime refuses the model or the device
 */
export async function openSession(model: Uint8Array | string, settings: SessionSettings): Promise<Session> {
  const { device } = settings
  const options = sessionOptions(settings)
  let inner: onnxruntime.InferenceSession
  try {
    inner = await (typeof model === 'string'
      ? onnxruntime.InferenceSession.create(model, options)
      : onnxruntime.InferenceSession.create(model, options))
  } catch (thrown) {
    throw deviceFailure('open the model', device, thrown)
  }
  return {
    inputNames: inner.inputNames,
    outputNames: inner.outputNames,
    run: async (feeds, outputs = inner.outputNames) => {
      try {
        const answer = await inner.run(toRuntime(feeds), outputs)
        return Object.fromEntries(
          Object.entries(answer).map(([name, value]) => [name, fromRuntime(name, value)])
        )
      } catch (thrown) {
        throw deviceFailure('run the model', device, thrown)
      }
    },
    release: () => inner.release()
  }
}
