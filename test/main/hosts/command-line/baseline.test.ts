import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { anchorage } from '#test/support/command-line.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function bertPrompt(): Promise<{ folder: string; asked: string[] }> {
  const folder = await temporaryFolder()
  await writePromptTree(folder, ['P19'], 5, 32)
  const asked = [
    ...['--source', referenceModelFolder('bert'), '--prompt', join(folder, 'P19/prompt_vecs.npy')],
    ...['--vectors', '5', '--target', referenceModelFolder('gpt2'), '--device', 'cpu']
  ]
  return { folder, asked }
}

describe('anchorage baseline', () => {
  it('carries a prompt and writes it as one of the target, which says by what', async () => {
    const { folder, asked } = await bertPrompt()
    const out = join(folder, 'carried.safetensors')
    const { code, out: printed, err } = await anchorage(['baseline', 'procrustes', ...asked, '--out', out])
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(printed).toContain(`written ${out}`)
    const prompt = await readPrompt({ path: out })
    expect([prompt.vectors.rows, prompt.vectors.columns]).toEqual([5, 40])
    expect(prompt.model.name).toBe('tiny-gpt2')
    expect(prompt.name).toContain('(procrustes)')
  })

  it('takes the settings of a method', async () => {
    const { folder, asked } = await bertPrompt()
    const carry = async (name: string, ...settings: string[]) => {
      const out = join(folder, `${name}.npy`)
      await anchorage(['baseline', ...settings, ...asked, '--out', out])
      return (await readPrompt({ path: out })).vectors.data
    }
    const weak = await carry('weak', 'ridge', '--lambda', '0.001')
    const strong = await carry('strong', 'ridge', '--lambda', '1')
    expect(strong).not.toEqual(weak)
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
