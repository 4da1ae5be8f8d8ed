/** Every reader of files, with the files that it is given to read. */
import { readdirSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { inspectTask } from '#engine/evaluation/inspect-task.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import { inspectGraph } from '#engine/language-model/inspect-graph.ts'
import { readAnchorSet } from '#engine/models/anchors/anchor-files.ts'
import { openModel } from '#engine/models/open-model.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { readModelFile } from '#engine/onnx/model-file.ts'
import { inspectPrompts } from '#engine/prompts/inspect-prompts.ts'
import { readPromptTree } from '#engine/prompts/read-prompt.ts'
import { openStore } from '#store/project-store.ts'
import { fixtures, sample } from './commands.ts'

export type Reader = {
  /** Whole files that are damaged before they are read. */
  readonly files: readonly string[]
  /** Puts what belongs beside the damaged file into `folder`; where that is to be written. */
  readonly place: (file: string, folder: string) => Promise<string>
  readonly read: (path: string) => Promise<unknown>
}

const alone = (file: string, folder: string): Promise<string> => Promise.resolve(join(folder, basename(file)))

/** A folder of links to what lies beside the file, whose own place is left free. */
async function besideOthers(file: string, folder: string): Promise<string> {
  const inner = basename(dirname(file)) === 'onnx' ? 'onnx' : ''
  const root = inner === '' ? dirname(file) : dirname(dirname(file))
  await cp(root, folder, {
    recursive: true,
    filter: (path) => path !== file && !path.endsWith('reference.safetensors')
  })
  await mkdir(join(folder, inner), { recursive: true })
  return join(folder, inner, basename(file))
}

const model = (name: string): string => join(fixtures, 'reference/models', name)
const models = ['tiny-bert', 'tiny-gpt2', 'tiny-roberta', 'tiny-albert'].map(model)

const prompts = [
  ...[
    'numpy/deflated.npz',
    'numpy/stored.npz',
    'numpy/float16.npy',
    'numpy/fortran.npy',
    'numpy/savetxt.csv'
  ],
  ...[
    'torch/bare.pt',
    'torch/legacy.pt',
    'torch/mixed-template.ckpt',
    'torch/several.bin',
    'torch/parameter.pth'
  ],
  ...['safetensors/bfloat16.safetensors', 'written/numpy.npz', 'written/torch.pt']
].map((name) => join(fixtures, 'prompts', name))
const adapters = ['multitask', 'encoder-decoder', 'prompt-tuning'].flatMap((name) =>
  ['adapter_config.json', 'adapter_model.safetensors'].map((file) =>
    join(fixtures, 'prompts/peft', name, file)
  )
)
const relation = join(sample, 'tasks/relations/capital')

const readPrompts = async (path: string): Promise<void> => {
  await inspectPrompts(path)
  await readPromptTree({ path, vectors: 1 })
}

export const readers: Readonly<Record<string, Reader>> = {
  prompts: { files: prompts, place: alone, read: readPrompts },
  adapters: { files: adapters, place: besideOthers, read: (path) => readPrompts(dirname(path)) },
  tensors: {
    files: ['state.zip.pt', 'state.legacy.pt', 'nested.legacy.pt', 'protocol-4.zip.pt'].map((name) =>
      join(fixtures, 'torch', name)
    ),
    place: alone,
    read: async (path) => {
      for (const tensor of (await listTensors(path)).slice(0, 4)) await tensor.read()
    }
  },
  tokenizers: {
    files: models.flatMap((folder) => [
      join(folder, 'tokenizer.json'),
      join(folder, 'tokenizer_config.json')
    ]),
    place: besideOthers,
    read: async (path) => {
      const tokenizer = await openTokenizer(dirname(path))
      tokenizer.decode(tokenizer.encodeWithSpecials(' The river of aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'))
    }
  },
  'tokenizers of SentencePiece': {
    files: ['llama', 'albert', 't5', 'gemma'].flatMap((name) =>
      readdirSync(join(fixtures, 'sentencepiece', name))
        .filter((file) => file.endsWith('.model'))
        .map((file) => join(fixtures, 'sentencepiece', name, file))
    ),
    place: besideOthers,
    read: async (path) => {
      const tokenizer = await openTokenizer(dirname(path))
      tokenizer.encodeWithSpecials(' The river of aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')
    }
  },
  gguf: {
    files: ['gpt2', 'llama', 'qwen2'].map((name) => join(fixtures, 'gguf', name, 'model.gguf')),
    place: alone,
    read: async (path) => {
      const model = await openModel({ folder: path })
      model.tokenizer.encodeWithSpecials(' The river')
    }
  },
  'model settings': {
    files: models.map((folder) => join(folder, 'config.json')),
    place: besideOthers,
    read: (path) => openModel({ folder: dirname(path) })
  },
  graphs: {
    files: models.map((folder) => join(folder, 'onnx/model.onnx')),
    place: besideOthers,
    read: async (path) => {
      await readModelFile(path)
      await inspectGraph({ folder: dirname(dirname(path)) })
      await openModel({ folder: dirname(dirname(path)) })
    }
  },
  anchors: {
    files: [join(sample, 'tasks/common_vocabulary.txt')],
    place: alone,
    read: readAnchorSet
  },
  tasks: {
    files: [join(relation, 'test.jsonl'), join(relation, 'train.jsonl')],
    place: besideOthers,
    read: (path) => inspectTask({ kind: 'relation', folder: dirname(path), commonVocabulary: null })
  },
  projects: {
    files: [join(sample, 'Sample.anchorage')],
    place: alone,
    read: async (path) => {
      const store = await openStore(path)
      try {
        await store.read.models.list()
        await store.read.prompts.list()
      } finally {
        await store.close()
      }
    }
  }
}
