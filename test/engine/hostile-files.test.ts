/** Small files that are made to keep the engine busy or to fill its memory: each is refused at once, by name. */
import { execFile } from 'node:child_process'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { inspectTask } from '#engine/evaluation/inspect-task.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { readAnchorSet } from '#engine/models/anchors/anchor-files.ts'
import { openModel } from '#engine/models/open-model.ts'
import { readPieceFile } from '#engine/models/sentencepiece/piece-file.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { answerAtPositions } from '#engine/onnx/answer-head.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { readModelFile } from '#engine/onnx/model-file.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { inspectPrompts } from '#engine/prompts/inspect-prompts.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { encodeTorchTensor } from '#engine/prompts/torch-archive.ts'
import { modelFolder, tokens } from '#test/support/model-folder.ts'
import { floatTensor, writeRawSafetensors, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { describedTokenizer, tokenizerFolder } from '#test/support/tokenizer-folder.ts'
import { zipArchive } from '#test/support/zip-archive.ts'

/** Far above what a refusal takes, far below what the files took before they were refused. */
const seconds = 20

/** The code of the error that a reader throws, in time. */
async function refusal(read: () => Promise<unknown>): Promise<string> {
  const started = performance.now()
  const code = await read().then(
    () => 'read',
    (error: unknown) => (error instanceof AnchorageError ? error.code : String(error))
  )
  expect(performance.now() - started).toBeLessThan(1000 * seconds)
  return code
}

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

/** A torch archive whose description is this pickle. */
function torchArchive(pickle: Buffer): Buffer {
  return zipArchive([{ name: 'archive/data.pkl', bytes: pickle }])
}

const latin = (text: string): Buffer => Buffer.from(text, 'latin1')

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

/** `(t, t)` of `(t, t)` …: as text, 2^depth names. */
function nestedPairs(depth: number): string {
  let pickle = 'U\x03cpuq\x00'
  for (let level = 1; level <= depth; level++) {
    pickle += `h${String.fromCharCode(level - 1)}h${String.fromCharCode(level - 1)}\x86q${String.fromCharCode(level)}`
  }
  return pickle
}

/** A dictionary that holds `count` dictionaries under keys of 20 MB, each with one tensor. */
function longKeys(count: number): Buffer {
  const tensor =
    'ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpuK\x01tQK\x00K\x01\x85K\x01\x85\x89Ntq\x01R'
  const parts = [latin('\x80\x02}('), latin('X'), uint32(2e7), Buffer.alloc(2e7, 'k'), latin('}(')]
  for (let index = 0; index < count; index++)
    parts.push(latin(`U\x04${String(index).padStart(4, '0')}${tensor}`))
  return Buffer.concat([...parts, latin('uu.')])
}

describe('pickles', () => {
  it.each<[string, () => Buffer]>([
    [
      'a number of a megabyte',
      () => Buffer.concat([latin('\x80\x02\x8b'), uint32(1e6), Buffer.alloc(1e6, 7), latin('.')])
    ],
    [
      'tuples inside one another as a device',
      () => latin(`\x80\x02${nestedPairs(60)}\x85ctorch\ndevice\nq\xffh\x3c\x85R.`)
    ],
    ['tuples inside one another as a name', () => latin(`\x80\x04${nestedPairs(60)}h\x3ch\x3c\x93.`)],
    ['a thousand tensors below a key of 20 MB', () => longKeys(1000)],
    ['text that is not UTF-8', () => latin('\x80\x02X\x02\x00\x00\x00\xff\xfe.')],
    [
      'a list named ten million times over',
      () =>
        latin(
          `\x80\x02](${'N'.repeat(500_000)}eq\x00ccollections\nOrderedDict\nq\x01${'h\x01h\x00\x85R0'.repeat(100_000)}.`
        )
    ]
  ])('with %s are refused', async (_, pickle) => {
    const path = await fileWith('prompt.pt', torchArchive(pickle()))
    expect(await refusal(() => listTensors(path))).toMatch(/file-malformed|unsupported|file-unsafe/)
  })
})

describe('archives', () => {
  it('of 60,000 entries over the bytes of one are refused', async () => {
    const content = Buffer.concat([latin('\x93NUMPY\x01\x00v\x00'), Buffer.alloc(20_000_000, ' ')])
    const bomb = { name: 'a0.npy', bytes: deflateRawSync(content), content }
    const others = Array.from({ length: 59_999 }, (_, index) => ({
      ...bomb,
      name: `a${index + 1}.npy`,
      sharedWith: 0,
      crc32: 0
    }))
    const path = await fileWith('bomb.npz', zipArchive([{ ...bomb, crc32: 0 }, ...others]))
    expect(await refusal(() => inspectPrompts(path))).toBe('file-malformed')
  })

  it.each(['pt', 'npz'])('that were damaged on the way are told by their sums: .%s', async (ending) => {
    const values = Float32Array.from({ length: 12 }, (_, index) => index + 0.5)
    const npy = Buffer.concat([
      latin(
        `\x93NUMPY\x01\x00\x76\x00${"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }".padEnd(117)}\n`
      ),
      Buffer.from(values.buffer)
    ])
    const whole =
      ending === 'pt'
        ? Buffer.from(await encodeTorchTensor(3, 4, values))
        : zipArchive([{ name: 'vectors.npy', bytes: npy }])
    expect((await readPrompt({ path: await fileWith(`whole.${ending}`, whole) })).vectors.rows).toBe(3)
    const at = whole.indexOf(Buffer.from(values.slice(2, 5).buffer))
    whole[at + 1] ^= 1
    const path = await fileWith(`damaged.${ending}`, whole)
    expect(await refusal(() => readPrompt({ path }))).toBe('file-malformed')
  })
})

describe('safetensors', () => {
  it('with 200,000 tensors are refused', async () => {
    const path = join(await temporaryFolder(), 'many.safetensors')
    const header = Array.from(
      { length: 200_000 },
      (_, index) => `"t${index}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`
    )
    await writeRawSafetensors(path, `{${header.join(',')}}`, new Uint8Array())
    expect(await refusal(() => inspectPrompts(path))).toBe('unsupported')
  })

  it('with a name of 20 MB are refused', async () => {
    const path = join(await temporaryFolder(), 'name.safetensors')
    await writeSafetensors(path, { ['n'.repeat(2e7)]: floatTensor([1, 1], [1]) })
    expect(await refusal(() => inspectPrompts(path))).toBe('unsupported')
  })

  it.each([
    ['2e8 tasks of rank 0', [200_000_000, 2, 0], [200_000_000, 0, 4]],
    ['no tasks', [0, 2, 1], [0, 1, 4]]
  ])('of a multitask adapter with %s are refused', async (_, cols, rows) => {
    const folder = await temporaryFolder()
    const path = join(folder, 'adapter_model.safetensors')
    await writeSafetensors(path, {
      prompt_embeddings: floatTensor([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]),
      prefix_task_cols: floatTensor(cols, []),
      prefix_task_rows: floatTensor(rows, [])
    })
    await writeFile(
      join(folder, 'adapter_config.json'),
      JSON.stringify({ peft_type: 'MULTITASK_PROMPT_TUNING', num_virtual_tokens: 2, token_dim: 4 })
    )
    expect(await refusal(() => inspectPrompts(path))).toBe('file-malformed')
  })
})

describe('text', () => {
  it('with a field of 80,000 digits and a letter is refused', async () => {
    const path = await fileWith('table.csv', `1,2\n${'1'.repeat(80_000)}x,2\n`)
    expect(await refusal(() => readPrompt({ path }))).toBe('file-malformed')
  })

  it.each(['prompt.json', 'adapter_config.json', 'header.safetensors', 'lines.jsonl'])(
    'of 20 MB of brackets is refused: %s',
    async (name) => {
      const brackets = '['.repeat(20_000_000)
      const folder = await temporaryFolder()
      const path = join(folder, name)
      if (name.endsWith('.safetensors'))
        await writeRawSafetensors(path, brackets.replace('[', '{'), new Uint8Array())
      else await writeFile(path, brackets)
      const read = (): Promise<unknown> => {
        if (name.endsWith('.jsonl')) {
          const files = { test: path }
          return inspectTask({
            kind: 'classification',
            name: 'x',
            files,
            template: '[X] [MASK]',
            textColumn: 'text',
            labelColumn: 'label',
            labelWords: {}
          })
        }
        if (name !== 'adapter_config.json') return inspectPrompts(path)
        return writeSafetensors(join(folder, 'adapter_model.safetensors'), {
          prompt_embeddings: floatTensor([1, 1], [1])
        }).then(() => inspectPrompts(join(folder, 'adapter_model.safetensors')))
      }
      expect(await refusal(read)).toBe('unsupported')
    }
  )

  it('of 30 million fields is refused', async () => {
    const path = await fileWith('wide.csv', '1,'.repeat(30_000_000))
    expect(await refusal(() => inspectPrompts(path))).toBe('unsupported')
  })

  it('of millions of anchors is refused', async () => {
    expect(
      await refusal(async () => readAnchorSet(await fileWith('words.txt', 'a\n'.repeat(3_000_000))))
    ).toBe('unsupported')
  })

  it.each(['constructor', 'toString', '__proto__'])(
    'with the label %s finds no word for it that nobody gave',
    async (label) => {
      const path = await fileWith('test.jsonl', JSON.stringify({ text: 'a', label }))
      const labelWords = { good: 'good' }
      const source = {
        kind: 'classification',
        name: 'x',
        files: { test: path },
        template: '[X] [MASK]',
        textColumn: 'text',
        labelColumn: 'label',
        labelWords
      } as const
      expect(await refusal(() => inspectTask(source))).toBe('bad-argument')
      expect(await refusal(() => inspectTask({ ...source, textColumn: label }))).toMatch(
        /bad-argument|file-malformed/
      )
    }
  )
})

describe('tokenizers', () => {
  const described = describedTokenizer(tokens)
  const folderOf = (changes: object): Promise<string> => tokenizerFolder({ ...described, ...changes })

  it.each<[string, object]>([
    [
      'a frame that is no list',
      { post_processor: { type: 'TemplateProcessing', single: 7, pair: [], special_tokens: {} } }
    ],
    ['steps that are none', { pre_tokenizer: { type: 'Sequence', pretokenizers: [7] } }],
    [
      'a broken expression',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated', invert: false } }
    ],
    ['no token for unknown text', { model: { ...described.model, unk_token: 'nowhere', vocab: { the: 0 } } }]
  ])('with %s are refused when they are opened', async (_, changes) => {
    expect(await refusal(async () => openTokenizer(await folderOf(changes)))).toMatch(
      /unsupported|file-malformed/
    )
  })
})

describe('graphs', () => {
  async function written(change: (graph: ReturnType<typeof graphBuilder>) => void): Promise<string> {
    const graph = graphBuilder({ opset: 17 })
    graph.input('input_ids', 'int64', ['batch', 'sequence'])
    change(graph)
    return await fileWith('model.onnx', encodeModel(graph.model))
  }

  it.each<[string, (graph: ReturnType<typeof graphBuilder>) => void]>([
    [
      'a node that reads its own second result',
      (graph) => {
        graph.namedNode('logits', 'Identity', ['state'])
        graph.model.graph.node[0]?.output.push('state')
        graph.output('logits', 'float32', [-1, -1, 8])
      }
    ],
    [
      'two nodes that read one another',
      (graph) => {
        graph.namedNode('a', 'Identity', ['logits'])
        graph.namedNode('logits', 'Identity', ['a'])
        graph.output('logits', 'float32', [-1, -1, 8])
      }
    ],
    [
      'a value that is made twice',
      (graph) => {
        graph.namedNode('logits', 'Identity', ['input_ids'])
        graph.namedNode('logits', 'Identity', ['input_ids'])
        graph.output('logits', 'float32', [-1, -1, 8])
      }
    ]
  ])('with %s are refused', async (_, change) => {
    const path = await written(change)
    expect(await refusal(async () => answerAtPositions((await readModelFile(path)).model, path))).toBe(
      'file-malformed'
    )
  })

  it('with notes of 3 GB are refused before they are read', async () => {
    const path = join(await temporaryFolder(), 'notes.onnx')
    const file = await open(path, 'w')
    const length = 3 * 2 ** 30
    const varint: number[] = []
    for (let left = length; left > 0; left = Math.floor(left / 128))
      varint.push((left % 128) | (left >= 128 ? 128 : 0))
    await file.write(Buffer.from([6 * 8 + 2, ...varint]))
    await file.truncate(1 + varint.length + length)
    await file.close()
    expect(await refusal(() => readModelFile(path))).toBe('unsupported')
  })

  it('with a chain of a hundred thousand operators are walked to its end', async () => {
    const path = await written((graph) => {
      let last = 'input_ids'
      for (let index = 0; index < 100_000; index++) {
        graph.namedNode(`v${index}`, 'Identity', [last])
        last = `v${index}`
      }
      graph.namedNode('logits', 'MatMul', [last, 'v7'])
      graph.output('logits', 'float32', [-1, -1, 8])
    })
    const { model } = await readModelFile(path)
    expect(answerAtPositions(model, path).isRestricted).toBe(false)
  })
})

/** A GGUF file of this many tensors and these settings: a name, the number of a type, and the bytes of a value. */
function gguf(tensors: number, ...settings: readonly [name: string, type: number, value: Buffer][]): Buffer {
  const counts = [uint64(tensors), uint64(settings.length)]
  const told = settings.flatMap(([name, type, value]) => [ggufText(latin(name)), uint32(type), value])
  return Buffer.concat([latin('GGUF'), uint32(3), ...counts, ...told])
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

const ggufText = (text: Buffer): Buffer => Buffer.concat([uint64(text.length), text])

describe('GGUF files', () => {
  const notANumber = Buffer.from([0, 0, 0xc0, 0x7f])
  it.each<[string, () => Buffer, string]>([
    [
      'with a list of ten million bytes',
      () => gguf(0, ['x', 9, Buffer.concat([uint32(0), uint64(1e7), Buffer.alloc(1e7)])]),
      'unsupported'
    ],
    ['with a million tensors', () => gguf(1e6), 'unsupported'],
    [
      'with an alignment that is no number',
      () => gguf(0, ['general.alignment', 6, notANumber]),
      'file-malformed'
    ],
    [
      'with a text that is not UTF-8',
      () => gguf(0, ['x', 8, ggufText(Buffer.from([0xff]))]),
      'file-malformed'
    ]
  ])('%s are refused', async (_, bytes, code) => {
    const path = await fileWith('model.gguf', bytes())
    expect(await refusal(() => openModel({ folder: path }))).toBe(code)
  })
})

describe('SentencePiece models', () => {
  it('of three million empty pieces are refused', async () => {
    const path = await fileWith('tokenizer.model', Buffer.alloc(6e6, Buffer.from([0x0a, 0x00])))
    expect(await refusal(() => readPieceFile(path))).toBe('file-malformed')
  })
})

describe.skipIf(process.platform === 'win32')('a pipe in place of a file', () => {
  const make = promisify(execFile)

  it.each(['p.npy', 'p.npz', 'p.pt', 'p.bin', 'p.safetensors', 'p.json', 'p.csv', 'task_prompt', 'p.gguf'])(
    'is refused as a prompt: %s',
    async (name) => {
      const path = join(await temporaryFolder(), name)
      await make('mkfifo', [path])
      expect(await refusal(() => inspectPrompts(path))).toMatch(/file-unreadable|unsupported/)
    }
  )

  it.each([
    'config.json',
    'vocab.txt',
    'model.safetensors',
    'tokenizer.json',
    'tokenizer_config.json',
    'onnx/model.onnx',
    'pytorch_model.bin',
    'model.safetensors.index.json'
  ])('is refused in a model: %s', async (name) => {
    const folder = await modelFolder()
    if (name !== 'onnx/model.onnx') await writeSafetensors(join(folder, 'unused.safetensors'), {})
    await mkdir(join(folder, 'onnx'), { recursive: true })
    await make('rm', ['-f', join(folder, name)])
    await make('mkfifo', [join(folder, name)])
    expect(await refusal(() => openModel({ folder }))).toMatch(/file-unreadable|file-not-found/)
  })

  it('is refused as anchors', async () => {
    const path = join(await temporaryFolder(), 'anchors.txt')
    await make('mkfifo', [path])
    expect(await refusal(() => readAnchorSet(path))).toBe('file-unreadable')
  })
})
