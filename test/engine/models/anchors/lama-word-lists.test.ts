import { expect, it } from 'vitest'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { readAnchorSet } from '#engine/models/anchors/anchor-files.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { describeWithSharedData, sharedDataPath } from '#test/support/shared-data.ts'
import { tinyModel, wordIds } from './tiny-models.ts'

describeWithSharedData("LAMA's common vocabularies", () => {
  // `wc -l` counts one less in the second: its last line does not end.
  it.each([
    ['common_vocab_cased.txt', 21_018, '#', '|'],
    ['common_vocab_cased_be_ro_al.txt', 17_230, '#', 'à']
  ])('%s holds %i distinct words, white space around them left out', async (file, count, first, last) => {
    const { anchors, audit } = await readAnchorSet(sharedDataPath('vocab', file))
    expect(anchors).toHaveLength(count)
    expect(anchors.at(0)).toEqual({ surface: first, beginsWord: true })
    expect(anchors.at(-1)).toEqual({ surface: last, beginsWord: true })
    expect(audit?.steps).toMatchObject([{ left: count, dropped: 0 }])
  })

  it('replace the intersection as word lists', async () => {
    const { anchors } = await readAnchorSet(sharedDataPath('vocab', 'common_vocab_cased.txt'))
    const wordList = anchors.map((anchor) => anchor.surface)
    const models = [await tinyModel('bert'), await tinyModel('gpt2')]
    const set = await buildAnchorSet({
      name: 'lama',
      models,
      recipe: anchorRecipeSchema.parse({ filters: { wordList } })
    })
    const gpt2 = wordIds('gpt2')
    const listed = new Set(wordList)
    expect(set.anchors.map((anchor) => anchor.surface)).toEqual(
      [...wordIds('bert').keys()].filter((word) => gpt2.has(word) && listed.has(word))
    )
    expect(set.anchors.length).toBeGreaterThan(80)
  })
})
