/** Settings of a baseline, from the command to its vectors. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { anchorage } from '#test/support/command-line.ts'
import { bertPrompt } from '#test/support/prompt-trees.ts'

describe('anchorage baseline', () => {
  it('takes the settings of a method', async () => {
    const { folder, asked } = await bertPrompt()
    const transfer = async (name: string, ...settings: string[]) => {
      const out = join(folder, `${name}.npy`)
      await anchorage(['baseline', ...settings, ...asked, '--out', out])
      return (await readPrompt({ path: out })).vectors.data
    }
    const weak = await transfer('weak', 'ridge', '--lambda', '0.001')
    const strong = await transfer('strong', 'ridge', '--lambda', '1')
    expect(strong).not.toEqual(weak)
    const plain = await transfer('plain', 'least-squares', '--rescale', 'none')
    const centred = await transfer('centred', 'least-squares', '--rescale', 'none', '--centre')
    expect(centred).not.toEqual(plain)
    expect(await transfer('named', 'least-squares', '--rescale', 'none', '--centre', 'mean')).toEqual(centred)
  })
})
