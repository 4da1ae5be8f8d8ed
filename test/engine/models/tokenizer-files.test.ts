import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { type Family, folderOf, storedIds } from './anchors/tiny-models.ts'

/** A folder with these files; objects are written as JSON. */
async function folderWith(files: Record<string, string | object>): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

async function tokenizerJson(family: Family): Promise<ReturnType<typeof JSON.parse>> {
  return JSON.parse(await readFile(join(folderOf(family), 'tokenizer.json'), 'utf8'))
}

const wordPieces = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nriver\n##s\n'
const texts = ['the river', ' The London  roads, born 1990!', "  it's 日本 naïve\n", 'a [MASK] of', '']

describe('vocab.txt alone', () => {
  it('makes the tokenizer that tokenizer.json describes', async () => {
    const lines = [...storedIds('bert')].sort(([, a], [, b]) => a - b).map(([stored]) => stored)
    const made = await openTokenizer(await folderWith({ 'vocab.txt': `${lines.join('\r\n')}\r\n` }))
    const whole = await openTokenizer(folderOf('bert'))
    expect(made.files).toEqual(['vocab.txt'])
    expect(made.special).toEqual(whole.special)
    expect(made.vocabulary).toEqual(whole.vocabulary)
    for (const text of texts) expect(made.encodeWithSpecials(text)).toEqual(whole.encodeWithSpecials(text))
  })

  it('lower-cases where the vocabulary has no capitals, unless the configuration says otherwise', async () => {
    const open = async (config: object) =>
      await openTokenizer(await folderWith({ 'vocab.txt': wordPieces, 'tokenizer_config.json': config }))
    const plain = await open({})
    expect(plain.lowercases).toBe(true)
    expect(plain.encode('THE Rivérs')).toEqual([5, 6, 7])
    const cased = await open({ do_lower_case: false })
    expect(cased.lowercases).toBe(false)
    expect(cased.encode('THE river')).toEqual([1, 6])
  })

  it('keeps the number of a line as the id, also after an empty line', async () => {
    const folder = await folderWith({ 'vocab.txt': '[UNK]\n\nthe\n' })
    expect((await openTokenizer(folder)).idOf('the')).toBe(2)
  })
})

describe('vocab.json and merges.txt alone', () => {
  it.each(['roberta', 'gpt2'] as const)(
    'make the tokenizer that tokenizer.json describes: %s',
    async (family) => {
      const { vocab, merges } = (await tokenizerJson(family)).model
      const folder = await folderWith({
        'vocab.json': vocab,
        'merges.txt': `#version: 0.2\n${merges.join('\n')}\n`
      })
      const made = await openTokenizer(folder)
      const whole = await openTokenizer(folderOf(family))
      expect(made.special).toEqual(whole.special)
      expect(made.maskAbsorbsSpaceBefore).toBe(whole.maskAbsorbsSpaceBefore)
      expect(made.vocabulary).toEqual(whole.vocabulary)
      for (const text of [...texts, 'of <mask> .']) {
        expect(made.encodeWithSpecials(text)).toEqual(whole.encodeWithSpecials(text))
      }
    }
  )

  it('put a first token where the configuration asks for one', async () => {
    const { vocab, merges } = (await tokenizerJson('gpt2')).model
    const folder = await folderWith({
      'vocab.json': vocab,
      'merges.txt': merges.join('\n'),
      'tokenizer_config.json': { add_bos_token: true, bos_token: { content: '<|endoftext|>' } }
    })
    const made = await openTokenizer(folder)
    expect(made.encodeWithSpecials(' the')).toEqual([0, ...made.encode(' the')])
  })

  it('are refused where they mark the ends of words', async () => {
    const folder = await folderWith({ 'vocab.json': { 'the</w>': 0 }, 'merges.txt': '' })
    await expect(openTokenizer(folder)).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('tokenizer_config.json', () => {
  it("decides on lower-casing over BERT's normaliser, as in Python transformers", async () => {
    const folder = await folderWith({
      'tokenizer.json': await tokenizerJson('bert'),
      'tokenizer_config.json': { do_lower_case: true }
    })
    const tokenizer = await openTokenizer(folder)
    expect(tokenizer.lowercases).toBe(true)
    expect(tokenizer.encode('THE')).toEqual([tokenizer.idOf('the')])
  })

  it('may be absent: special tokens have the names of their family', async () => {
    const folder = await folderWith({ 'tokenizer.json': await tokenizerJson('roberta') })
    expect((await openTokenizer(folder)).special).toEqual((await openTokenizer(folderOf('roberta'))).special)
  })

  it("keeps a convention to its family: Gemma's vocabulary has <s>, </s> and <mask> too", async () => {
    const folder = await folderWith({
      'tokenizer.json': await tokenizerJson('roberta'),
      'tokenizer_config.json': { bos_token: '<pad>' }
    })
    const { special } = await openTokenizer(folder)
    expect(special).toMatchObject({ mask: null, cls: null, sep: null, bos: { token: '<pad>' } })
  })

  it('says with null that there is no such token', async () => {
    const folder = await folderWith({
      'tokenizer.json': await tokenizerJson('gpt2'),
      'tokenizer_config.json': { bos_token: null, eos_token: '<|endoftext|>' }
    })
    expect((await openTokenizer(folder)).special).toMatchObject({ bos: null, eos: { id: 0 } })
  })
})

describe('bad folders', () => {
  it('without a tokenizer are refused', async () => {
    await expect(openTokenizer(await folderWith({ 'merges.txt': '' }))).rejects.toMatchObject({
      code: 'file-not-found'
    })
  })

  const cases: [string, Record<string, string | object>, string][] = [
    ['JSON that breaks off', { 'tokenizer.json': '{"model": {' }, 'file-malformed'],
    ['no model', { 'tokenizer.json': { model: null } }, 'file-malformed'],
    [
      'a vocabulary of text',
      { 'tokenizer.json': { model: { type: 'WordPiece', vocab: 'the' } } },
      'file-malformed'
    ],
    [
      'one id twice',
      { 'tokenizer.json': { model: { type: 'WordPiece', vocab: { a: 0, b: 0 } } } },
      'file-malformed'
    ],
    [
      'a negative id',
      { 'tokenizer.json': { model: { type: 'WordPiece', vocab: { a: -1 } } } },
      'file-malformed'
    ],
    [
      'an id that is no integer',
      { 'tokenizer.json': { model: { type: 'BPE', vocab: { a: 0.5 }, merges: [] } } },
      'file-malformed'
    ],
    [
      'an unknown kind',
      { 'tokenizer.json': { model: { type: 'WordLevel', vocab: { a: 0 } } } },
      'unsupported'
    ],
    [
      'an unknown step',
      {
        'tokenizer.json': {
          pre_tokenizer: { type: 'Magic' },
          model: { type: 'WordPiece', unk_token: 'a', vocab: { a: 0 } }
        }
      },
      'unsupported'
    ],
    [
      'words that nothing marks',
      { 'tokenizer.json': { model: { type: 'BPE', vocab: { a: 0 }, merges: [] } } },
      'unsupported'
    ],
    [
      'settings that are none',
      { 'vocab.txt': wordPieces, 'tokenizer_config.json': { do_lower_case: 'no' } },
      'file-malformed'
    ]
  ]
  it.each(cases)('with %s are refused', async (_, files, code) => {
    await expect(openTokenizer(await folderWith(files))).rejects.toMatchObject({
      code,
      detail: { found: expect.any(String) }
    })
  })

  it('with a link that leads out are refused; links inside and in the Hugging Face cache are followed', async () => {
    const root = await temporaryFolder()
    const outside = join(root, 'outside.txt')
    await writeFile(outside, wordPieces)
    const model = join(root, 'model')
    await mkdir(model)
    await symlink(outside, join(model, 'vocab.txt'))
    await expect(openTokenizer(model)).rejects.toMatchObject({ code: 'file-unsafe' })

    const cache = join(root, 'models--google--bert')
    const snapshot = join(cache, 'snapshots', 'abc')
    await mkdir(join(cache, 'blobs'), { recursive: true })
    await mkdir(snapshot, { recursive: true })
    await cp(outside, join(cache, 'blobs', '123'))
    await symlink('../../blobs/123', join(snapshot, 'vocab.txt'))
    expect((await openTokenizer(snapshot)).idOf('river')).toBe(6)
  })
})
