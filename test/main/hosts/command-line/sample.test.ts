import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { describeProject } from '#main/project/describe-project.ts'
import { anchorage } from '#test/support/command-line.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const shipped = resolve(import.meta.dirname, '../../../../assets/sample')

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

describe('anchorage sample', () => {
  it('gives a copy of the ready project whose models are found, and leaves the original alone', async () => {
    const before = await sha256(join(shipped, 'Sample.anchorage'))
    const folder = await temporaryFolder()
    const { code } = await anchorage(['sample', '--copy-to', folder])
    expect(code).toBe(0)
    const project = await describeProject(join(folder, 'Sample.anchorage'))
    expect(project.models.map((model) => model.folder).sort()).toEqual(
      ['bert-large', 'bert-small', 'roberta-large', 'roberta-small'].map((name) =>
        join(folder, 'Sample files', 'models', name)
      )
    )
    expect(await sha256(join(shipped, 'Sample.anchorage'))).toBe(before)
    const again = await anchorage(['sample', '--copy-to', folder])
    expect(again.code).toBe(0)
    expect(again.out).toContain(join(folder, 'Sample 2.anchorage'))
  })

  it.skipIf(process.platform === 'win32')(
    'puts the copy among the documents where no folder is said',
    async () => {
      const home = await temporaryFolder()
      await mkdir(join(home, 'Documents'))
      vi.stubEnv('HOME', home)
      vi.stubEnv('XDG_CONFIG_HOME', undefined)
      onTestFinished(() => {
        vi.unstubAllEnvs()
      })
      const { code, out } = await anchorage(['sample', '--copy-to'])
      expect(code).toBe(0)
      expect(out).toContain(join(home, 'Documents/Anchorage/Sample.anchorage'))
    }
  )
})
