/** Token ids of filled templates on the four kinds of tokenizer, looked up by hand in each tokenizer.json. */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { templateEncoder } from '#engine/evaluation/encode-template.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const entries = z.union([
  z.record(z.string(), z.number()),
  z.array(z.tuple([z.string(), z.number()]).rest(z.unknown())).transform((list) => {
    const ids = list.map(([piece], id): [string, number] => [piece, id])
    return Object.fromEntries(ids)
  })
])
const fileSchema = z.object({ model: z.object({ vocab: entries }) })

/** Ids of stored tokens, read from the file itself; numbers (vectors) pass. */
async function ids(family: string, tokens: readonly (string | number)[]): Promise<number[]> {
  const text = await readFile(join(referenceModelFolder(family), 'tokenizer.json'), 'utf8')
  const { vocab } = fileSchema.parse(JSON.parse(text)).model
  return tokens.map((token) => {
    const id = typeof token === 'number' ? token : vocab[token]
    if (id === undefined) throw new Error(`${family} has no token ${token}`)
    return id
  })
}

async function encode(
  family: string,
  template: string,
  input: string,
  folder = referenceModelFolder(family)
) {
  const tokenizer = await openTokenizer(folder)
  const kind = family === 'gpt2' ? 'causal' : 'masked'
  return templateEncoder(parseTemplate(template), { kind, tokenizer, decoderStart: [] })(input)
}

const manual = '[X] is in [Y] .'
const prompted = '[X] [V1] in [V2] [MASK] .'
const leading = '[V1] [X] the [MASK]'

test.each([
  ['bert', manual, ['[CLS]', 'river', 'is', 'in', '[MASK]', '.', '[SEP]'], 4],
  ['bert', prompted, ['[CLS]', 'river', -1, 'in', -2, '[MASK]', '.', '[SEP]'], 5],
  ['bert', leading, ['[CLS]', -1, 'river', 'the', '[MASK]', '[SEP]'], 4],
  // Byte-level BPE: a word at the very start has no space before it, the mask takes its space with it.
  ['roberta', manual, ['<s>', 'r', 'i', 'v', 'e', 'r', 'Ġis', 'Ġin', '<mask>', 'Ġ', '.', '</s>'], 8],
  ['roberta', prompted, ['<s>', 'r', 'i', 'v', 'e', 'r', -1, 'Ġin', -2, '<mask>', 'Ġ', '.', '</s>'], 9],
  ['roberta', leading, ['<s>', -1, 'Ġriver', 'Ġthe', '<mask>', '</s>'], 4],
  ['albert', manual, ['[CLS]', '▁river', '▁is', '▁in', '[MASK]', '▁', '.', '[SEP]'], 4],
  ['albert', prompted, ['[CLS]', '▁river', -1, '▁in', -2, '[MASK]', '▁', '.', '[SEP]'], 5],
  ['albert', leading, ['[CLS]', -1, '▁river', '▁the', '[MASK]', '[SEP]'], 4],
  // A next-token model is asked at the last token before the mask and sees nothing after it.
  ['gpt2', manual, ['r', 'i', 'v', 'e', 'r', 'Ġis', 'Ġin'], 6],
  ['gpt2', prompted, ['r', 'i', 'v', 'e', 'r', -1, 'Ġin', -2], 7],
  ['gpt2', leading, [-1, 'Ġriver', 'Ġthe'], 2]
])('%s: %s', async (family, template, tokens, answerPosition) => {
  expect(await encode(family, template, 'river')).toEqual({ ids: await ids(family, tokens), answerPosition })
})

test('a causal model is asked for the next token, whatever mask token its tokenizer names', async () => {
  const folder = await temporaryFolder()
  await copyFile(join(referenceModelFolder('gpt2'), 'tokenizer.json'), join(folder, 'tokenizer.json'))
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ mask_token: 'Ġthe' }))
  expect((await openTokenizer(folder)).special.mask).not.toBeNull()
  expect(await encode('gpt2', manual, 'river', folder)).toEqual(await encode('gpt2', manual, 'river'))
})

test('a masked model whose tokenizer names no mask token is refused, not asked for the next token', async () => {
  const tokenizer = await openTokenizer(referenceModelFolder('gpt2'))
  const model = { kind: 'masked', tokenizer, decoderStart: [] } as const
  expect(() => templateEncoder(parseTemplate(manual), model)).toThrow('names no mask token')
})

test('a next-token model needs something before the mask', async () => {
  await expect(encode('gpt2', '[MASK] is [X]', 'river')).rejects.toMatchObject({ code: 'bad-argument' })
})

test.each([
  ['T5 is asked after the sentinel of its span corruption', '<extra_id_0>', [9, 3]],
  ['BART is asked after what its decoder begins with', '[MASK]', [9]]
])('%s', async (_, token, decoderIds) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'vocab.txt'), ['[UNK]', 'river', 'is', token, 'in', '.'].join('\n'))
  const settings = token === '[MASK]' ? { mask_token: token } : {}
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(settings))
  const model = {
    kind: 'encoder-decoder',
    tokenizer: await openTokenizer(folder),
    decoderStart: [9]
  } as const
  expect(templateEncoder(parseTemplate('[X] [V1] is in [Y] .'), model)('river')).toEqual({
    ids: [1, -1, 2, 4, 3, 5],
    answerPosition: decoderIds.length - 1,
    decoderIds
  })
})

test('an encoder-decoder that can’t be asked is refused, and what it lacks is named', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'vocab.txt'), ['[UNK]', 'river'].join('\n'))
  const model = { kind: 'encoder-decoder', tokenizer: await openTokenizer(folder) } as const
  const encode = (decoderStart: number[]) => () =>
    templateEncoder(parseTemplate(manual), { ...model, decoderStart })
  expect(encode([9])).toThrow('has nothing to ask with')
  expect(encode([])).toThrow('how its answers begin')
})
