/** Text behind other text, by tokenizers that mark the start of a text as the start of a word, and by those that don't. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { templateEncoder } from '#engine/evaluation/encode-template.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { buildVerbaliser, describeLabelWords } from '#engine/evaluation/verbaliser.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A tokenizer as Mistral's: the normaliser puts `▁` before every text, and makes one of every space. */
const mistral = join(import.meta.dirname, '../../fixtures/tokenizers/mistral')
const documentSchema = z.looseObject({ model: z.looseObject({ vocab: z.record(z.string(), z.int()) }) })

async function mistralDocument() {
  return documentSchema.parse(JSON.parse(await readFile(join(mistral, 'tokenizer.json'), 'utf8')))
}

/** The same vocabulary in the form that current versions of transformers write: a Metaspace before the first text alone. */
async function newerForm(): Promise<string> {
  const folder = await temporaryFolder()
  const pre_tokenizer = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false }
  const document = { ...(await mistralDocument()), normalizer: null, pre_tokenizer }
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(document))
  await writeFile(
    join(folder, 'tokenizer_config.json'),
    await readFile(join(mistral, 'tokenizer_config.json'))
  )
  return folder
}

describe.each([
  ['Prepend', async () => mistral],
  ['a Metaspace before the first text', newerForm]
])('a tokenizer of the Llama 2 kind, with %s', (_, folder) => {
  const tokens = async (stored: readonly (string | number)[]) => {
    const { vocab } = (await mistralDocument()).model
    return stored.map((token) => (typeof token === 'number' ? token : vocab[token]))
  }

  it('reads a word in running text as one token', async () => {
    const tokenizer = await openTokenizer(await folder())
    expect(tokenizer.encodeContinuation(' paris')).toEqual(await tokens(['▁paris']))
    expect(tokenizer.encodeContinuation('.')).toEqual(await tokens(['.']))
    expect(tokenizer.encode('paris')).toEqual(await tokens(['▁paris']))
  })

  it('has label words', async () => {
    const tokenizer = await openTokenizer(await folder())
    const words = ['paris', 'doctor', 'london']
    expect([...buildVerbaliser(words, tokenizer).tokens]).toEqual(
      await tokens(words.map((word) => `▁${word}`))
    )
    expect(describeLabelWords(['paris'], tokenizer)).toMatchObject([{ tokens: [{}], usable: true }])
  })

  it('has anchors', async () => {
    const tokenizer = await openTokenizer(await folder())
    const models = [{ name: 'mistral', tokenizer, vocabulary: tokenizer.vocabulary }]
    const { anchors } = await buildAnchorSet({ name: 'test', models, recipe: anchorRecipeSchema.parse({}) })
    expect(anchors).toContainEqual({ surface: 'paris', beginsWord: true })
    expect(anchors.length).toBeGreaterThan(40)
  })

  it.each([
    ['[X] is in [Y] .', ['<s>', '▁paris', '▁is', '▁in']],
    ['[X] [V1] is in [V2] . [Y]', ['<s>', '▁paris', -1, '▁is', '▁in', -2, '▁.']],
    ['[V1] [X] , [Y]', ['<s>', -1, '▁paris', '▁', '<0x2C>']],
    ['[X] [V1], in [Y]', ['<s>', '▁paris', -1, '<0x2C>', '▁in']]
  ])('writes no marker twice in %s', async (template, expected) => {
    const encode = templateEncoder(parseTemplate(template), {
      kind: 'causal',
      tokenizer: await openTokenizer(await folder()),
      decoderStart: []
    })
    expect(encode('paris').ids).toEqual(await tokens(expected))
  })
})

it.each(referenceFamilies)('%s: running text is cut as ever', async (family) => {
  const tokenizer = await openTokenizer(referenceModelFolder(family))
  for (const text of [' the', 'the', ' river is in', '.', ' .', ', and']) {
    expect(tokenizer.encodeContinuation(text)).toEqual(tokenizer.encode(text))
  }
})
