/**
 * A copy of a model of the sample whose table is as anisotropic as real ones, and which answers as before: a direction is
 * added to every word and taken from every position. Words and positions are added up before the first layer, and the tied
 * head adds one number to the logits of all words, which probabilities don't notice.
 */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { TensorProto } from '#engine/onnx/messages.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'

/** Each row with the direction added so many times. @param direction `[columns]` */
export function withDirection({ data, ...sizes }: Matrix, direction: Float32Array, times: number): Matrix {
  const { length } = direction
  return { ...sizes, data: data.map((value, index) => value + times * direction[index % length]) }
}

function change(tensor: TensorProto | undefined, direction: Float32Array, times: number): void {
  if (tensor?.rawData == null) throw new Error('the graph holds its tables itself')
  const data = new Float32Array(Uint8Array.from(tensor.rawData).buffer)
  const changed = withDirection(
    { rows: data.length / direction.length, columns: direction.length, data },
    direction,
    times
  )
  tensor.rawData = new Uint8Array(changed.data.buffer)
}

/** A direction as long as the mean row of a table: cosines of random rows are then about one half. @returns `[columns]` */
export function commonDirection({ rows, columns, data }: Matrix): Float32Array {
  const meanLength = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / rows)
  return Float32Array.from(
    { length: columns },
    (_, i) => (meanLength / Math.sqrt(columns)) * (i % 2 === 0 ? 1 : -1)
  )
}

/** Writes the copy to the folder `to`. */
export async function copyWithDirection(from: string, to: string, direction: Float32Array): Promise<void> {
  await cp(from, to, { recursive: true })
  const path = join(to, 'onnx', 'model.onnx')
  const model = decodeModel(await readFile(path), path)
  const tensor = (name: RegExp) => model.graph.initializer.find((one) => name.test(one.name))
  change(tensor(/word_embeddings|wte/), direction, 1)
  change(tensor(/position_embeddings|wpe/), direction, -1)
  await writeFile(path, encodeModel(model))
}
