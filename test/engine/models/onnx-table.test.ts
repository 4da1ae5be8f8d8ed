import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { type GraphBuilder, graphBuilder } from '#engine/onnx/graph-builder.ts'
import { modelFolder } from '#test/support/model-folder.ts'
import { openWithTable } from '#test/support/open-with-table.ts'

const [rows, columns] = [8, 4]
const numbers = Array.from({ length: rows * columns }, (_, i) => Math.sin(i + 1))

/** A graph whose output is the embeddings of `input_ids`, as `lookUp` builds them. */
function graph(lookUp: (build: GraphBuilder, ids: string) => string): Uint8Array {
  const build = graphBuilder({ opset: 17 })
  build.input('attention_mask', 'int64', ['n'])
  build.input('input_ids', 'int64', ['n'])
  build.output('embeddings', 'float32', ['n', columns])
  // A decoy: positions are looked up by the mask.
  const positions = build.initializer('position.weight', 'float32', [rows, columns], new Float32Array(32))
  build.node('Gather', [positions, 'attention_mask'])
  build.namedNode('embeddings', 'Identity', [lookUp(build, build.node('Identity', ['input_ids']))])
  return build.build()
}

const codes = Uint8Array.from(numbers, (value) => Math.round(value * 100 + 128))

function perTensor(build: GraphBuilder): string[] {
  const scale = build.initializer('scale', 'float32', [], Float32Array.of(0.013))
  return [scale, build.initializer('zero', 'uint8', [], Uint8Array.of(131))]
}

const graphs: [string, string, (build: GraphBuilder, ids: string) => string][] = [
  [
    'float32',
    'F32',
    (build, ids) => build.node('Gather', [table(build), build.node('Cast', [ids], { to: { int: 7 } })])
  ],
  [
    'float16, cast up before the lookup',
    'F16',
    (build, ids) => {
      const halves = Uint16Array.from(numbers, (_, i) => 0x3c00 + i * 8)
      const half = build.initializer('half', 'float16', [rows, columns], halves)
      return build.node('Gather', [build.node('Cast', [half], { to: { int: 1 } }), ids])
    }
  ],
  [
    'uint8, dequantised after the lookup',
    'uint8 + scale',
    (build, ids) => {
      const stored = build.initializer('codes', 'uint8', [rows, columns], codes)
      return build.node('DequantizeLinear', [build.node('Gather', [stored, ids]), ...perTensor(build)])
    }
  ],
  [
    'uint8, dequantised before the lookup',
    'uint8 + scale',
    (build, ids) => {
      const stored = build.initializer('codes', 'uint8', [rows, columns], codes)
      return build.node('Gather', [build.node('DequantizeLinear', [stored, ...perTensor(build)]), ids])
    }
  ],
  [
    'int8 with a scale for each row and no zero point',
    'int8 + scale',
    (build, ids) => {
      const signed = Int8Array.from(numbers, (value) => Math.round(value * 100))
      const stored = build.initializer('codes', 'int8', [rows, columns], signed)
      const scales = Float32Array.from({ length: rows }, (_, i) => 0.01 + i / 300)
      const scale = build.initializer('scales', 'float32', [rows], scales)
      const values = build.node('DequantizeLinear', [stored, scale], { axis: { int: 0 } })
      return build.node('Gather', [values, ids])
    }
  ],
  [
    'int8 with a scale for each column',
    'int8 + scale',
    (build, ids) => {
      const signed = Int8Array.from(numbers, (value) => Math.round(value * 100))
      const stored = build.initializer('codes', 'int8', [rows, columns], signed)
      const scale = build.initializer('scales', 'float32', [columns], Float32Array.of(0.1, 0.2, 0.3, 0.7))
      const zero = build.initializer('zeros', 'int8', [columns], Int8Array.of(1, -2, 3, 0))
      const values = build.node('DequantizeLinear', [stored, scale, zero], { axis: { int: -1 } })
      return build.node('Gather', [values, ids])
    }
  ],
  [
    'float32, as the head of the model stores it, transposed before the lookup',
    'F32',
    (build, ids) => {
      const head = build.initializer('lm_head', 'float32', [columns, rows], Float32Array.from(numbers))
      const tied = build.node('Transpose', [head], { perm: { ints: [1, 0] } })
      return build.node('Gather', [tied, ids])
    }
  ],
  [
    'uint8, dequantised and transposed before the lookup',
    'uint8 + scale',
    (build, ids) => {
      const stored = build.initializer('head codes', 'uint8', [columns, rows], codes)
      const head = build.node('DequantizeLinear', [stored, ...perTensor(build)])
      return build.node('Gather', [build.node('Transpose', [head]), ids])
    }
  ]
]

function table(build: GraphBuilder): string {
  return build.initializer('onnx::Gather_123', 'float32', [rows, columns], Float32Array.from(numbers))
}

async function folderWith(bytes: Uint8Array, name = 'model.onnx'): Promise<string> {
  const folder = await modelFolder()
  await mkdir(join(folder, 'onnx'))
  await writeFile(join(folder, 'onnx', name), bytes)
  return folder
}

describe('the table of an ONNX graph', () => {
  it.each(graphs)('in %s holds what onnxruntime looks up', async (_, dtype, lookUp) => {
    const bytes = graph(lookUp)
    const { report, table: opened } = await openWithTable({ folder: await folderWith(bytes) })
    expect(report.table).toMatchObject({ dtype, shape: [rows, columns], file: 'onnx/model.onnx' })
    const session = await openSession(bytes, { device: 'cpu' })
    const ids = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i))
    const input = { type: 'int64', dims: [rows], data: ids } as const
    const { embeddings } = await session.run({ input_ids: input, attention_mask: input })
    expect([...opened.data]).toEqual([...embeddings.data])
    await session.release()
  })

  it('is found by name or size where the graph does not look tokens up', async () => {
    const build = graphBuilder({ opset: 17 })
    build.input('inputs_embeds', 'float32', ['n', columns])
    build.output('scores', 'float32', ['n', rows])
    const transposed = build.node('Transpose', [table(build)], { perm: { ints: [1, 0] } })
    build.namedNode('scores', 'MatMul', ['inputs_embeds', transposed])
    const { report } = await openWithTable({ folder: await folderWith(build.build()) })
    expect(report.table.tensor).toBe('onnx::Gather_123')
    expect(report.choice).toContain('sizes of config.json')
  })

  it('in 4 bits is refused with what to use instead', async () => {
    const build = graphBuilder({ opset: 17, domains: { 'com.microsoft': 1 } })
    build.input('input_ids', 'int64', ['n'])
    build.output('embeddings', 'float32', ['n', columns])
    const packed = build.initializer('packed', 'uint8', [rows, columns / 2], new Uint8Array(16))
    const scale = build.initializer('scale', 'float32', [rows, 1], new Float32Array(rows))
    build.namedNode('embeddings', 'com.microsoft:GatherBlockQuantized', [packed, 'input_ids', scale])
    const refusal = { code: 'unsupported', detail: { next: expect.stringContaining('model.safetensors') } }
    await expect(openWithTable({ folder: await folderWith(build.build()) })).rejects.toMatchObject(refusal)
  })

  it('in floats is read from a file of any name', async () => {
    const { report } = await openWithTable({ folder: await folderWith(graph(graphs[0][2]), 'model_q4.onnx') })
    expect(report.table.dtype).toBe('F32')
    expect(report.graph).toMatchObject({ file: 'onnx/model_q4.onnx' })
  })

  it('prefers the exact file to run and to read', async () => {
    const folder = await folderWith(graph(graphs[2][2]), 'model_quantized.onnx')
    const quantised = await openWithTable({ folder })
    expect(quantised.report.graph).toMatchObject({ file: 'onnx/model_quantized.onnx' })
    expect(quantised.report.notes.join()).toContain('8 bits')
    await writeFile(join(folder, 'onnx', 'model.onnx'), graph(graphs[0][2]))
    const exact = await openWithTable({ folder })
    expect(exact.report.graph.file).toBe('onnx/model.onnx')
    expect(exact.report.table.dtype).toBe('F32')
  })
})
