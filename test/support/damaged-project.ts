/** A project that was closed cleanly, and a page of its file overwritten since, as by a failing disk. */
import { open, stat } from 'node:fs/promises'
import { createStore } from '#store/project-store.ts'
import { samplePrompt } from './sample-records.ts'

/** SQLite's pages by default, in bytes. */
const pageBytes = 4096

/** Makes a project at `path` of one prompt and a note so long that it takes the last forty pages of the file. */
export async function closedProjectOfManyPages(path: string): Promise<void> {
  const store = await createStore(path)
  await store.write(async ({ notes, prompts }) => {
    await prompts.add(samplePrompt('P19', 4, 'P19'))
    await notes.add(null, 'a note '.repeat(24_000))
  })
  await store.close()
}

/** Overwrites a page in the middle of the note, which nothing reads that does not ask for notes. */
export async function damagePage(path: string): Promise<void> {
  const pages = (await stat(path)).size / pageBytes
  const file = await open(path, 'r+')
  await file.write(new Uint8Array(pageBytes).fill(255), 0, pageBytes, Math.floor(pages - 10) * pageBytes)
  await file.close()
}
