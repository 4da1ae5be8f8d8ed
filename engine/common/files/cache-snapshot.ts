/** Where the files of a model lie in the Hugging Face cache: `models--OWNER--NAME/snapshots/REVISION`. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false
  )
}

/** The revision that `refs/main` names, when its snapshot is there. */
async function mainRevision(repository: string): Promise<string | undefined> {
  const text = await readFile(join(repository, 'refs', 'main'), 'utf8').catch(() => '')
  const revision = text.trim()
  const isThere = /^[\w.-]+$/.test(revision) && (await isFolder(join(repository, 'snapshots', revision)))
  return isThere ? revision : undefined
}

/** The revision whose snapshot was made last. */
async function latestRevision(repository: string): Promise<string | undefined> {
  const snapshots = join(repository, 'snapshots')
  const names = await readdir(snapshots).catch((): string[] => [])
  const dated = await Promise.all(
    names.map(async (name) => ({ name, time: (await stat(join(snapshots, name))).mtimeMs }))
  )
  return dated.sort((a, b) => b.time - a.time)[0]?.name
}

/**
 * The snapshot of a repository in the cache: that of `main`, else the latest. Other folders are answered as they are.
 * @param folder a real path
 * @throws AnchorageError `file-not-found` where nothing of the repository was fetched
 */
export async function snapshotOf(folder: string): Promise<string> {
  if (!basename(folder).startsWith('models--')) return folder
  const revision = (await mainRevision(folder)) ?? (await latestRevision(folder))
  if (revision !== undefined) return join(folder, 'snapshots', revision)
  throw new AnchorageError('file-not-found', 'The cache holds no files of this model.', {
    where: folder,
    found: 'no snapshot',
    expected: 'snapshots/REVISION with config.json, a tokenizer and weights',
    next: 'Fetch the model again, for example with `hf download`.'
  })
}
