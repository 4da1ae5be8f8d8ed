/** Models that lie on a computer: what is listed of caches and folders as other programs write them. */
import { copyFile, cp, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findModels } from '#main/catalogue/find-models.ts'
import { modelPlaces } from '#main/catalogue/model-places.ts'
import { tableAlone } from '#test/support/model-folder.ts'
import { homeWithModels } from '#test/support/model-places.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const { signal } = new AbortController()

/** Bytes of the files of a folder. */
async function sizeOf(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size)
}

async function namesIn(folder: string): Promise<string[]> {
  const [place] = await findModels([folder], signal)
  return place.models.map(({ name }) => name)
}

describe('the models of a computer', () => {
  it('are those of the Hugging Face cache and of LM Studio, with their sizes', async () => {
    const { home, hub, lmStudio } = await homeWithModels()
    const tiny = join(hub, 'models--someone--tiny')
    const gguf = join(lmStudio, 'maker', 'gpt2', 'gpt2-f32.gguf')
    expect(await findModels(modelPlaces({}, home), signal)).toEqual([
      {
        folder: hub,
        isWhole: true,
        models: [
          { path: join(hub, 'models--someone--broken'), name: 'someone/broken', size: 10 },
          { path: tiny, name: 'someone/tiny', size: await sizeOf(join(tiny, 'blobs')) }
        ]
      },
      {
        folder: lmStudio,
        isWhole: true,
        models: [{ path: gguf, name: 'maker/gpt2/gpt2-f32', size: (await stat(gguf)).size }]
      },
      { folder: join(home, '.cache', 'lm-studio', 'models'), isWhole: true, models: [] }
    ])
  })

  it('are listed once where two names lead to one place', async () => {
    const { home, hub } = await homeWithModels()
    await symlink(hub, join(home, 'link'))
    const places = await findModels(modelPlaces({ HF_HUB_CACHE: join(home, 'link') }, home), signal)
    expect(places.filter(({ models }) => models.length > 0).map(({ folder }) => folder)).toEqual([
      hub,
      join(home, '.lmstudio', 'models')
    ])
  })

  it('below a folder are those of its subfolders; what is hidden or a link is not followed', async () => {
    const [folder, model] = [await temporaryFolder(), await tableAlone()]
    for (const name of ['b-10', 'b-2', 'more/levels/a', '.hidden/c', 'four/levels/are/many'])
      await cp(model, join(folder, name), { recursive: true })
    await symlink(model, join(folder, 'link'))
    await mkdir(join(folder, 'empty'))
    expect(await namesIn(folder)).toEqual(['b-2', 'b-10', 'more/levels/a'])
    expect(await namesIn(model)).toEqual([expect.stringMatching(/^anchorage-test-/)])
  })

  it('of GGUF files are one each: beside settings alone too, and the first part of several', async () => {
    const folder = await temporaryFolder()
    for (const name of ['q4.gguf', 'Q8.GGUF', 'big-00001-of-00002.gguf', 'big-00002-of-00002.gguf'])
      await writeFile(join(folder, name), name)
    await copyFile(join(await tableAlone(), 'config.json'), join(folder, 'config.json'))
    const [{ models }] = await findModels([folder], signal)
    expect(models.map(({ path }) => path).sort()).toEqual(
      ['Q8.GGUF', 'big-00001-of-00002.gguf', 'q4.gguf'].map((name) => join(folder, name))
    )
  })

  it('are not looked for without end', async () => {
    const folder = await temporaryFolder()
    for (let i = 0; i < 2001; i++) await mkdir(join(folder, `${i}`))
    expect(await findModels([folder], signal)).toMatchObject([{ folder, isWhole: false }])
  })

  it('are not looked for any more once that is cancelled', async () => {
    const { hub } = await homeWithModels()
    const cancelled = expect.objectContaining({ code: 'cancelled' })
    await expect(findModels([hub], AbortSignal.abort())).rejects.toEqual(cancelled)
  })
})
