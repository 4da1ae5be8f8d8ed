import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AnchorSet, anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { readAnchorSet, writeAnchorSet } from '#engine/models/anchors/anchor-files.ts'
import { hashAnchors, parseAnchorSet } from '#engine/models/anchors/anchor-text.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** Everything that could be taken for something else in a line of text. */
const awkward = [
  'the',
  '#',
  '##',
  '##ing',
  '\\',
  '\\n',
  '\\#',
  'a\nb',
  '\r',
  ' spaced ',
  '日本',
  '# hash: "x"',
  '+'
]

function awkwardSet(): AnchorSet {
  const anchors = awkward.flatMap((surface) => [
    { surface, beginsWord: true },
    { surface, beginsWord: false }
  ])
  const recipe = anchorRecipeSchema.parse({ cap: 5, filters: { wordList: ['a', 'b "c"'] } })
  return { name: 'a name\nof two lines', anchors, hash: hashAnchors(anchors), recipe, audit: null }
}

describe('an exported set', () => {
  it('reads back equal, whatever its words hold', async () => {
    const path = join(await temporaryFolder(), 'set.txt')
    await writeAnchorSet(awkwardSet(), path, false)
    expect(await readAnchorSet(path)).toEqual(awkwardSet())
  })

  it('has one line for each anchor after the header, also for a reader that cares for neither', async () => {
    const folder = await temporaryFolder()
    const anchors = [
      { surface: 'born', beginsWord: true },
      { surface: 'ing', beginsWord: false }
    ]
    const path = join(folder, 'set.txt')
    await writeAnchorSet(
      { name: 'n', anchors, hash: hashAnchors(anchors), recipe: null, audit: null },
      path,
      false
    )
    expect(await readFile(path, 'utf8')).toBe(
      `# anchorage anchors 1\n# name: "n"\n# hash: "${hashAnchors(anchors)}"\n# recipe: null\n\nborn\n##ing\n`
    )
    expect(await readdir(folder)).toEqual(['set.txt'])
  })

  it('is not written over a file that is there, unless asked', async () => {
    const path = join(await temporaryFolder(), 'set.txt')
    await writeFile(path, 'mine')
    await expect(writeAnchorSet(awkwardSet(), path, false)).rejects.toMatchObject({ code: 'write-failed' })
    expect(await readFile(path, 'utf8')).toBe('mine')
    await writeAnchorSet(awkwardSet(), path, true)
    expect(await readAnchorSet(path)).toEqual(awkwardSet())
  })

  it('hashes the ordered list: another order or a word that continues is another set', () => {
    const [a, b] = ['a', 'b'].map((surface) => ({ surface, beginsWord: true }))
    // sha256sum of "a\nb\n".
    expect(hashAnchors([a, b])).toBe('911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2')
    const others = [hashAnchors([b, a]), hashAnchors([a, { ...b, beginsWord: false }]), hashAnchors([a])]
    expect(new Set([...others, hashAnchors([a, b])]).size).toBe(4)
  })

  const own = (header: string, list: string) => `# anchorage anchors 1\n${header}\n${list}`

  it('may be changed by hand once its hash is taken out', () => {
    const text = own('# name: "mine"\n', 'one\r\ntwo\r\n')
    expect(
      parseAnchorSet(text.split('\n'), 'set.txt', 'set').anchors.map((anchor) => anchor.surface)
    ).toEqual(['one', 'two'])
  })

  it.each([
    ['a changed list', own(`# name: "n"\n# hash: "${'0'.repeat(64)}"\n`, 'one\n'), 'mismatch', 'set.txt'],
    ['a header without a name', own('# hash: "x"\n', 'one\n'), 'file-malformed', 'set.txt, header'],
    ['a header line without a value', own('# name\n', 'one\n'), 'file-malformed', 'set.txt, line 2'],
    ['a header that is no JSON', own('# name: n\n', 'one\n'), 'file-malformed', 'set.txt, line 2'],
    ['an unknown escape', own('# name: "n"\n', 'one\nt\\wo\n'), 'file-malformed', 'set.txt, line 5'],
    ['a marker without a word', own('# name: "n"\n', '##\n'), 'file-malformed', 'set.txt, line 4'],
    ['no list', own('# name: "n"', ''), 'file-malformed', 'set.txt'],
    ['an empty file', '', 'file-malformed', 'set.txt']
  ])('is refused with %s', (_, text, code, where) => {
    expect(() => parseAnchorSet(text.split('\n'), 'set.txt', 'set')).toThrow(
      expect.objectContaining({ code, detail: expect.objectContaining({ where }) })
    )
  })
})

describe('a plain word list', () => {
  it('is read as words, named after its file, each kept once', async () => {
    const path = join(await temporaryFolder(), 'words.v1.txt')
    await writeFile(path, '\uFEFF#\r\n  the\r\n\r\n##ing\nthe\nend')
    const set = await readAnchorSet(path)
    expect(set.name).toBe('words.v1')
    expect(set.anchors).toEqual(
      ['#', 'the', '##ing', 'end'].map((surface) => ({ surface, beginsWord: true }))
    )
    expect(set.audit?.steps).toEqual([
      { step: 'distinct words', left: 4, dropped: 1, examples: [{ surface: 'the', reason: 'listed before' }] }
    ])
  })

  it('must be UTF-8', async () => {
    const path = join(await temporaryFolder(), 'words.txt')
    await writeFile(path, Uint8Array.of(0xff, 0xfe, 0x41))
    await expect(readAnchorSet(path)).rejects.toMatchObject({ code: 'file-malformed' })
  })

  it('must be there', async () => {
    await expect(readAnchorSet('/nowhere/words.txt')).rejects.toMatchObject({ code: 'file-not-found' })
  })
})
