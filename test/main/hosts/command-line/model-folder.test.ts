/** Models that are named on the command line. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hubFolders } from '#main/catalogue/model-places.ts'
import { modelFolder } from '#main/hosts/command-line/model-folder.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

describe('a model on the command line', () => {
  it('is looked up in the caches of the Hugging Face libraries, the one that is named first', () => {
    const environment = { HF_HUB_CACHE: '/hub', HF_HOME: '/home', XDG_CACHE_HOME: '' }
    expect(hubFolders(environment, '/me')).toEqual([
      '/hub',
      join('/home', 'hub'),
      join('/me', '.cache', 'huggingface', 'hub')
    ])
  })

  it.each([
    ['roberta-large', 'models--roberta-large'],
    ['someone/tiny', 'models--someone--tiny']
  ])('by its name %s is the folder %s', async (name, expected) => {
    const home = await temporaryFolder()
    const folder = join(home, '.cache', 'huggingface', 'hub', expected)
    await mkdir(folder, { recursive: true })
    expect(modelFolder(name, {}, home)).toBe(folder)
  })

  it('is the folder itself where there is one', async () => {
    const folder = await temporaryFolder()
    expect(modelFolder(folder, {}, '/nowhere')).toBe(folder)
  })

  it('that is nowhere is an error that says where was looked', () => {
    expect(() => modelFolder('someone/unknown', { HF_HOME: '/models' }, '/me')).toThrow(
      expect.objectContaining({
        code: 'file-not-found',
        detail: expect.objectContaining({ found: expect.stringContaining(join('/models', 'hub')) })
      })
    )
  })
})
