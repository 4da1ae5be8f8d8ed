import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { documentsFolder } from '#main/sample/documents-folder.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A home folder with what is asked for in it, which is the person's while the test runs. */
async function atHome(...folders: readonly string[]): Promise<string> {
  const home = await temporaryFolder()
  for (const folder of ['.config', ...folders]) await mkdir(join(home, folder))
  vi.stubEnv('HOME', home)
  vi.stubEnv('XDG_CONFIG_HOME', undefined)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  return home
}

const say = (home: string, place: string) =>
  writeFile(join(home, '.config/user-dirs.dirs'), `# said by the system\nXDG_DOCUMENTS_DIR="${place}"\n`)

// Windows knows the home folder by other means.
describe.skipIf(process.platform === 'win32')('the folder of documents', () => {
  it('is Documents of the home folder, else that folder itself', async () => {
    const home = await atHome()
    expect(await documentsFolder()).toBe(home)
    await mkdir(join(home, 'Documents'))
    expect(await documentsFolder()).toBe(join(home, 'Documents'))
  })

  it.skipIf(process.platform !== 'linux')('is what the system calls so, where that is there', async () => {
    const home = await atHome('Documents', 'Dokumente')
    await say(home, '$HOME/Dokumente')
    expect(await documentsFolder()).toBe(join(home, 'Dokumente'))
    await say(home, join(home, 'Dokumente'))
    expect(await documentsFolder()).toBe(join(home, 'Dokumente'))
    await say(home, '$HOME/gone')
    expect(await documentsFolder()).toBe(join(home, 'Documents'))
  })
})
