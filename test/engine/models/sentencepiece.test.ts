/** SentencePiece models without a tokenizer.json, against the ids that transformers gives (`make_sentencepiece.py`). */
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/sentencepiece')
const { texts, ids } = z
  .object({ texts: z.array(z.string()), ids: z.record(z.string(), z.array(z.array(z.int()))) })
  .parse(JSON.parse(await readFile(join(fixtures, 'expected.json'), 'utf8')))

describe.each(Object.keys(ids))('the SentencePiece model of %s', async (family) => {
  const tokenizer = await openTokenizer(join(fixtures, family))

  it.each(texts.map((text, index): [string, number[]] => [text, ids[family][index]]))(
    'gives %j the ids of transformers',
    (text, expected) => {
      expect(tokenizer.encodeWithSpecials(text)).toEqual(expected)
    }
  )

  it('reads its tokens back, and marks where words begin', () => {
    const found = tokenizer.encode('the capital of france')
    expect(tokenizer.decode(found)).toBe('the capital of france')
    const words = found.map((id) => tokenizer.vocabulary.byId.get(id))
    expect(words.some((token) => token?.beginsWord)).toBe(true)
    expect(tokenizer.special.unk).not.toBeNull()
  })
})

describe('SentencePiece files', () => {
  it('of a folder without tokenizer settings are read by the model type', async () => {
    const folder = await temporaryFolder()
    await cp(join(fixtures, 't5'), folder, { recursive: true })
    await rm(join(folder, 'tokenizer_config.json'))
    const tokenizer = await openTokenizer(folder)
    expect(tokenizer.encodeWithSpecials(texts[0])).toEqual(ids['t5'][0])
    expect(tokenizer.files).toEqual(['spiece.model'])
    expect(tokenizer.idOf('<extra_id_0>')).toBe(279)
  })

  it('of an unknown family, and damaged ones, are refused by name', async () => {
    const folder = await temporaryFolder()
    await cp(join(fixtures, 't5/spiece.model'), join(folder, 'spiece.model'))
    await writeFile(join(folder, 'config.json'), '{"model_type":"xlnet"}')
    await expect(openTokenizer(folder)).rejects.toMatchObject({
      code: 'unsupported',
      detail: { found: expect.stringContaining('xlnet') }
    })
    await writeFile(join(folder, 'spiece.model'), Buffer.alloc(100, 0xff))
    await expect(openTokenizer(folder)).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { where: expect.stringContaining('spiece.model') }
    })
  })
})
