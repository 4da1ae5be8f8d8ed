import { describe, expect, it } from 'vitest'
import { type AnchorRecipe, anchorRecipeSchema, anchorSetSchema } from '#engine/common/contract/anchors.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { requireAnchors, resolveAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type Family, families, tinyModel, wordIds } from './tiny-models.ts'

async function build(names: readonly Family[], recipe: Partial<AnchorRecipe> = {}) {
  const models = await Promise.all(names.map(tinyModel))
  const set = await buildAnchorSet({ name: 'test', models, recipe: anchorRecipeSchema.parse(recipe) })
  return { models, set, words: set.anchors.map((anchor) => anchor.surface) }
}

/** The words that every family's vocabulary file holds, in order of the first one's ids. */
function commonWords(names: readonly Family[]): string[] {
  const [first, ...others] = names.map(wordIds)
  return [...first]
    .filter(([word]) => others.every((words) => words.has(word)))
    .sort(([, a], [, b]) => a - b)
    .map(([word]) => word)
}

describe('the single-token rule', () => {
  it.each([[['bert', 'roberta']], [['albert', 'gpt2']], [['bert', 'roberta', 'albert', 'gpt2']]] as const)(
    'finds exactly the words that the vocabulary files of %s have in common',
    async (names) => {
      const expected = commonWords(names)
      expect(expected.length).toBeGreaterThan(80)
      expect((await build(names)).words).toEqual(expected)
    }
  )

  it('gives every anchor the token that " " + word is encoded to, in each model', async () => {
    const { models, set } = await build(families, { casePolicy: 'fold' })
    for (const [index, model] of models.entries()) {
      const ids = requireAnchors(set.anchors, model)
      const known = wordIds(families[index])
      for (const [position, { surface }] of set.anchors.entries()) {
        expect(model.tokenizer.encodeContinuation(` ${surface}`)).toEqual([ids[position]])
        expect(known.get(surface) ?? known.get(surface.toLowerCase())).toBe(ids[position])
      }
    }
  })

  it('drops a word whose token the tokenizer never makes', async () => {
    const [model] = await Promise.all([tinyModel('bert')])
    const unreachable = {
      ...model,
      tokenizer: {
        ...model.tokenizer,
        encodeContinuation: (text: string) =>
          text === ' the' ? [1, 2] : model.tokenizer.encodeContinuation(text)
      }
    }
    const recipe = anchorRecipeSchema.parse({ filters: { wordList: ['the', 'of'] } })
    const set = await buildAnchorSet({ name: 'test', models: [unreachable], recipe })
    expect(set.anchors).toEqual([{ surface: 'of', beginsWord: true }])
    expect(set.audit?.steps.at(-1)).toMatchObject({
      left: 1,
      dropped: 1,
      examples: [{ surface: 'the', reason: 'tiny-bert cuts it into 2 tokens' }]
    })
    const bySurface = anchorRecipeSchema.parse({ rule: 'surface', filters: { wordList: ['the', 'of'] } })
    expect(
      (await buildAnchorSet({ name: 'test', models: [unreachable], recipe: bySurface })).anchors
    ).toHaveLength(2)
  })

  it('takes no special, unknown or byte token', async () => {
    const { words } = await build(['bert', 'albert'], {
      filters: {
        wholeWords: true,
        lettersOnly: false,
        minimumLength: 1,
        wordList: ['[MASK]', '[UNK]', 'É', 'the']
      }
    })
    expect(words).toEqual(['the'])
  })
})

describe('the surface rule', () => {
  it('keeps word starts and continuations apart', async () => {
    const { set } = await build(['bert', 'gpt2'], {
      rule: 'surface',
      filters: { wholeWords: false, lettersOnly: true, minimumLength: 1, wordList: null }
    })
    // "##e" continues a word in BERT, and so does "e" without Ġ in GPT-2.
    expect(set.anchors).toContainEqual({ surface: 'e', beginsWord: false })
    expect(set.anchors).toContainEqual({ surface: 'born', beginsWord: true })
    expect(set.anchors).not.toContainEqual({ surface: 'born', beginsWord: false })
  })
})

describe('case', () => {
  const wordList = ['Of', 'of', 'OF', 'the']
  const filters = { wholeWords: true, lettersOnly: false, minimumLength: 1, wordList }

  it('is kept by default: a lower-casing model knows no capitals, and the audit says so', async () => {
    const { words, set } = await build(['albert'], { filters })
    expect(words.sort()).toEqual(['of', 'the'])
    expect(set.audit?.casePolicy).toContain('tiny-albert')
    expect(set.audit?.steps.flatMap((step) => step.examples)).toContainEqual({
      surface: 'Of',
      reason: 'tiny-albert lower-cases and the case policy is exact'
    })
  })

  it('folded, keeps the first of the words that become one token and names the collision', async () => {
    const { words, set } = await build(['albert'], { filters, casePolicy: 'fold' })
    expect(words).toEqual(['the', 'Of'])
    expect(set.audit?.collisions).toEqual([
      { model: 'tiny-albert', surface: 'of', tokens: ['Of', 'of', 'OF'] }
    ])
    expect(set.audit?.steps.flatMap((step) => step.examples)).toContainEqual({
      surface: 'OF',
      reason: 'tiny-albert reads it as ▁of, like Of, which comes first'
    })
  })

  it('folded, keeps the words of the models that keep case', async () => {
    const { words, set } = await build(['albert', 'bert'], { filters, casePolicy: 'fold' })
    expect(words).toEqual(['the', 'of'])
    expect(set.audit?.collisions).toEqual([])
  })
})

describe('filters, cap and order', () => {
  it('orders by rank in the chosen model and cuts there', async () => {
    const { words } = await build(['bert', 'gpt2'], { cap: 20, order: { by: 'rank', model: 1 } })
    expect(words).toEqual(commonWords(['gpt2', 'bert']).slice(0, 20))
  })

  it('draws the same sample for the same seed, another for another', async () => {
    const sample = async (seed: number) =>
      (await build(['bert', 'gpt2'], { cap: 30, order: { by: 'sample', seed } })).words
    const first = await sample(1)
    expect(first).toHaveLength(30)
    expect(new Set(first).size).toBe(30)
    expect(await sample(1)).toEqual(first)
    expect(await sample(2)).not.toEqual(first)
  })

  it('keeps letters only, from a minimum length on', async () => {
    const { words } = await build(['bert'], {
      filters: { wholeWords: true, lettersOnly: true, minimumLength: 3, wordList: null }
    })
    expect(words).toEqual([...wordIds('bert').keys()].filter((word) => /^[A-Za-z]{3,}$/.test(word)))
  })

  it('accounts for every word: what a step drops and leaves is what the one before left', async () => {
    const { set } = await build(families, { cap: 50, casePolicy: 'fold' })
    const steps = set.audit?.steps ?? []
    expect(steps.length).toBeGreaterThan(8)
    for (const [index, step] of steps.entries()) {
      if (index > 0) expect(step.left + step.dropped).toBe(steps[index - 1].left)
      expect(step.examples.length).toBe(Math.min(step.dropped, 12))
    }
    expect(steps.at(-1)?.left).toBe(50)
    expect(anchorSetSchema.parse(set)).toEqual(set)
  })
})

describe('refusals', () => {
  it('says which step left no word', async () => {
    const filters = { wholeWords: true, lettersOnly: false, minimumLength: 30, wordList: null }
    await expect(build(['bert'], { filters })).rejects.toMatchObject({
      code: 'mismatch',
      detail: { where: 'at least 30 characters' }
    })
  })

  it('refuses an order by a model that is not there', async () => {
    await expect(build(['bert'], { order: { by: 'rank', model: 1 } })).rejects.toMatchObject({
      code: 'bad-argument'
    })
  })

  it('stops when cancelled', async () => {
    const request = { name: 'test', models: [await tinyModel('bert')], recipe: anchorRecipeSchema.parse({}) }
    const controller = new AbortController()
    const building = buildAnchorSet(request, {
      signal: controller.signal,
      onProgress: () => controller.abort()
    })
    await expect(building).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('resolveAnchors', () => {
  it('resolves in a model that the set was not made with, and lists what that does not know', async () => {
    const { set } = await build(['bert', 'gpt2'])
    const albert = await tinyModel('albert')
    const { ids, missing, folded } = resolveAnchors(set.anchors, albert)
    const known = wordIds('albert')
    for (const [index, { surface }] of set.anchors.entries())
      expect(ids[index]).toBe(known.get(surface) ?? -1)
    expect(missing.map((anchor) => anchor.surface)).toEqual(
      set.anchors.map((anchor) => anchor.surface).filter((word) => !known.has(word))
    )
    expect(missing.length).toBeGreaterThan(0)
    expect(folded).toEqual([])
    expect(() => requireAnchors(set.anchors, albert)).toThrow(
      expect.objectContaining({
        code: 'mismatch',
        detail: expect.objectContaining({ found: expect.stringContaining(missing[0].surface) })
      })
    )
  })

  it('finds capitals in a lower-casing model by their lower-cased form, and says so', async () => {
    const anchors = [
      { surface: 'The', beginsWord: true },
      { surface: 'of', beginsWord: true }
    ]
    const { ids, missing, folded } = resolveAnchors(anchors, await tinyModel('albert'))
    const known = wordIds('albert')
    expect([...ids]).toEqual([known.get('the'), known.get('of')])
    expect(missing).toEqual([])
    expect(folded).toEqual([anchors[0]])
  })

  it('finds every anchor of a set made by surface, also one whose token the tokenizer never makes', async () => {
    const { models, set } = await build(['bert', 'albert'], { rule: 'surface', casePolicy: 'fold' })
    for (const model of models) {
      const cutting = { ...model, tokenizer: { ...model.tokenizer, encodeContinuation: () => [1, 1] } }
      expect(resolveAnchors(set.anchors, cutting)).toEqual(resolveAnchors(set.anchors, model))
      expect(resolveAnchors(set.anchors, cutting).missing).toEqual([])
    }
  })
})
