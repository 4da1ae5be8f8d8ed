import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { openStoreToRead } from '#store/project-store.ts'
import { anchorage, withoutProgress } from '#test/support/command-line.ts'
import { bertPrompt, writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

describe('anchorage baseline', () => {
  it('transfers a prompt and writes it as one of the target, which says by what', async () => {
    const { folder, asked } = await bertPrompt()
    const out = join(folder, 'transferred.safetensors')
    const { code, out: printed, err } = await anchorage(['baseline', 'procrustes', ...asked, '--out', out])
    expect(withoutProgress(err)).toBe('')
    expect(code).toBe(0)
    expect(printed).toContain(`written ${out}`)
    const prompt = await readPrompt({ path: out })
    expect([prompt.vectors.rows, prompt.vectors.columns]).toEqual([5, 40])
    expect(prompt.model.name).toBe('tiny-gpt2')
    expect(prompt.name).toContain('(procrustes)')
  })

  it('records its result as the run that a transfer by that method is', async () => {
    const { folder, asked } = await bertPrompt()
    const project = join(folder, 'both.anchorage')
    const out = join(folder, 'recorded.npy')
    const recorded = await anchorage([
      ...['baseline', 'ridge', '--lambda', '0.5', ...asked],
      ...['--out', out, '--project', project]
    ])
    expect(recorded.code, recorded.err).toBe(0)
    const transferred = await anchorage([
      ...['--json', 'transfer', '--method', 'ridge', '--lambda', '0.5', ...asked],
      ...['--out', join(folder, 'transferred'), '--project', project]
    ])
    expect(transferred.code, transferred.err).toBe(0)
    const store = await openStoreToRead(project)
    try {
      // What made it is the same, and so is the run.
      const [run, ...others] = await store.read.runs.overview()
      expect(others).toEqual([])
      expect(run?.manifest).toMatchObject({
        method: { kind: 'ridge', lambda: 0.5, rescale: 'none' },
        sources: [{ model: { name: 'tiny-bert' }, weight: 1 }],
        target: { name: 'tiny-gpt2' },
        length: 5,
        mask: null,
        rescale: null,
        seed: null,
        relation: 'P19'
      })
      const stored = await store.read.prompts.get(run?.promptId ?? '')
      const { vectors } = await readPrompt({ path: out })
      for (const [at, value] of vectors.data.entries())
        expect(stored?.prompt.vectors.data[at]).toBeCloseTo(value, 5)
    } finally {
      await store.close()
    }
  })

  it('averages sources by their weights', async () => {
    const folder = await temporaryFolder()
    await writePromptTree(folder, ['P19', 'P36'], 5, 32)
    const bert = referenceModelFolder('bert')
    const paths = ['P19', 'P36'].map((relation) => join(folder, relation, 'prompt_vecs.npy'))
    const sources = paths.flatMap((path) => ['--source', bert, '--prompt', path])
    const out = join(folder, 'both.npy')
    const asked = [...sources, '--weight', '3', '--weight', '1', '--vectors', '5', '--target', bert]
    const plain = ['--rescale', 'none', '--device', 'cpu', '--out', out]
    const { code, out: printed, err } = await anchorage(['baseline', 'direct-copy', ...asked, ...plain])
    expect(code, err).toBe(0)
    expect(printed).toMatch(/ \+ .* transferred to tiny-bert by direct-copy/)
    const [first = [], second = []] = await Promise.all(
      paths.map(async (path) => [...(await readPrompt({ path, vectors: 5 })).vectors.data])
    )
    const { data } = (await readPrompt({ path: out })).vectors
    expect(data).toHaveLength(first.length)
    for (const [at, value] of data.entries())
      expect(value).toBeCloseTo(0.75 * (first[at] ?? 0) + 0.25 * (second[at] ?? 0), 6)
  })

  it('refuses sources without a prompt each, and weights that are too few', async () => {
    const { folder, asked } = await bertPrompt()
    const out = ['--out', join(folder, 'x.npy')]
    for (const more of [
      ['--source', referenceModelFolder('roberta')],
      ['--weight', '1', '--weight', '2']
    ]) {
      const { code, err } = await anchorage(['baseline', 'procrustes', ...asked, ...more, ...out])
      expect(code).toBe(1)
      expect(err).toContain('Every source needs a prompt, and a weight where weights are given.')
    }
  })

  it('refuses a setting of other methods for random vectors, which have none', async () => {
    const { folder, asked } = await bertPrompt()
    const out = join(folder, 'drawn.npy')
    const { code, err } = await anchorage(['baseline', 'random', ...asked, '--out', out, '--lambda', '0.1'])
    expect(code).toBe(1)
    expect(err).toContain('--lambda is a setting of other methods')
    await expect(access(out)).rejects.toThrow()
  })

  it('refuses a path that is taken, before it works', async () => {
    const { folder, asked } = await bertPrompt()
    const { code, err } = await anchorage(['baseline', 'procrustes', ...asked, '--out', join(folder, 'P19')])
    expect(code).toBe(1)
    expect(err).toContain('There is something at the path already.')
  })

  it('refuses a copy to another width, and a method that it does not know', async () => {
    const { folder, asked } = await bertPrompt()
    const out = join(folder, 'copied.npy')
    const copy = await anchorage(['baseline', 'direct-copy', ...asked, '--out', out])
    expect(copy.code).toBe(1)
    expect(copy.err).toContain('one width')
    await expect(access(out)).rejects.toThrow()
    expect((await anchorage(['baseline', 'telepathy', ...asked, '--out', out])).code).toBe(2)
  })
})
