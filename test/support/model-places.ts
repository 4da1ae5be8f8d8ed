/** A home with models where other programs keep them: a Hugging Face cache as its libraries write it, and LM Studio's folder. */
import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { referenceModelFolder } from './reference-models.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** BERT under the name `someone/tiny`: contents in `blobs`, by a number as there by a hash, and links to them. */
async function writeCachedModel(hub: string): Promise<void> {
  const [from, repository] = [referenceModelFolder('bert'), join(hub, 'models--someone--tiny')]
  const snapshot = join(repository, 'snapshots', '0123abc')
  await mkdir(join(repository, 'blobs'), { recursive: true })
  await mkdir(join(repository, 'refs'))
  await writeFile(join(repository, 'refs', 'main'), '0123abc')
  const items = await readdir(from, { recursive: true, withFileTypes: true })
  for (const [index, item] of items.filter((one) => one.isFile()).entries()) {
    const [file, blob] = [join(item.parentPath, item.name), join(repository, 'blobs', `${index}`)]
    await copyFile(file, blob)
    const link = join(snapshot, relative(from, file))
    await mkdir(dirname(link), { recursive: true })
    await symlink(relative(dirname(link), blob), link)
  }
}

export type ModelPlaces = { readonly home: string; readonly hub: string; readonly lmStudio: string }

/**
 * In the cache also `someone/broken`, of which 10 bytes were fetched and no snapshot was made, and a data set; in LM
 * Studio's folder `maker/gpt2/gpt2-f32.gguf` with the part for images beside it.
 */
export async function homeWithModels(): Promise<ModelPlaces> {
  const home = await temporaryFolder()
  const hub = join(home, '.cache', 'huggingface', 'hub')
  const lmStudio = join(home, '.lmstudio', 'models')
  await writeCachedModel(hub)
  await mkdir(join(hub, 'models--someone--broken', 'blobs'), { recursive: true })
  await writeFile(join(hub, 'models--someone--broken', 'blobs', 'part.incomplete'), '0123456789')
  await mkdir(join(hub, 'datasets--someone--lama', 'snapshots', '1'), { recursive: true })
  await mkdir(join(lmStudio, 'maker', 'gpt2'), { recursive: true })
  const gguf = join(import.meta.dirname, '../fixtures/gguf/gpt2/model.gguf')
  await copyFile(gguf, join(lmStudio, 'maker', 'gpt2', 'gpt2-f32.gguf'))
  await writeFile(join(lmStudio, 'maker', 'gpt2', 'mmproj-f16.gguf'), 'a part')
  return { home, hub, lmStudio }
}
