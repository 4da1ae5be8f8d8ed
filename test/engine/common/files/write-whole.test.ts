import type { FileHandle } from 'node:fs/promises'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { writeFiles, writeFolder } from '#engine/common/files/write-whole.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** Files that may still be written until the disk is "full". */
let filesUntilFull = Number.POSITIVE_INFINITY

vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>()
  return {
    ...original,
    open: async (...parameters: Parameters<typeof original.open>): Promise<FileHandle> => {
      const file = await original.open(...parameters)
      filesUntilFull--
      if (filesUntilFull < 0) {
        file.writeFile = async () => {
          await file.write(Buffer.from('half'))
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
        }
      }
      return file
    }
  }
})

afterEach(() => {
  filesUntilFull = Number.POSITIVE_INFINITY
})

const bytes = Buffer.from('new')
const pair = [
  { name: 'a', bytes },
  { name: 'b', bytes }
]

describe('a full disk', () => {
  it('leaves nothing of two files and the folders made for them', async () => {
    const folder = await temporaryFolder()
    filesUntilFull = 1
    const files = ['x', 'x.json'].map((name) => ({ path: join(folder, 'made/deep', name), bytes }))
    await expect(writeFiles(files, false)).rejects.toMatchObject({
      code: 'write-failed',
      detail: { found: expect.stringContaining('ENOSPC'), next: expect.stringContaining('full') }
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves nothing of a folder', async () => {
    const folder = await temporaryFolder()
    filesUntilFull = 1
    await expect(writeFolder(join(folder, 'adapter'), pair, false)).rejects.toMatchObject({
      code: 'write-failed'
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves the old file as it was when it was to be replaced', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'x'), 'old')
    filesUntilFull = 0
    await expect(writeFiles([{ path: join(folder, 'x'), bytes }], true)).rejects.toMatchObject({
      code: 'write-failed'
    })
    expect(await readdir(folder)).toEqual(['x'])
    expect(await readFile(join(folder, 'x'), 'utf8')).toBe('old')
  })
})

describe('places that are taken', () => {
  it('a file where a folder is needed', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'P19'), 'old')
    await expect(writeFiles([{ path: join(folder, 'P19/x.npy'), bytes }], true)).rejects.toMatchObject({
      code: 'write-failed',
      detail: { next: expect.stringContaining('A file stands where a folder is needed') }
    })
    await expect(writeFolder(join(folder, 'P19'), pair, true)).rejects.toMatchObject({ code: 'write-failed' })
    expect(await readFile(join(folder, 'P19'), 'utf8')).toBe('old')
  })

  it('a folder where a file is to stand', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'x.npy'))
    await expect(writeFiles([{ path: join(folder, 'x.npy'), bytes }], true)).rejects.toMatchObject({
      code: 'write-failed',
      detail: { found: 'a folder' }
    })
    expect(await readdir(folder)).toEqual(['x.npy'])
  })

  it('an empty folder is used', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'adapter'))
    await writeFolder(join(folder, 'adapter'), pair, false)
    expect((await readdir(join(folder, 'adapter'))).sort()).toEqual(['a', 'b'])
  })
})

/** Runs `body` without the rights of root, for whom no folder is read-only. */
async function asNobody(body: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  try {
    await body()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

describe.skipIf(process.platform === 'win32')(
  'a read-only place (skipped on Windows, which has no modes)',
  () => {
    it('says that it may not be written to', async () => {
      const folder = await temporaryFolder()
      await chmod(folder, 0o555)
      await asNobody(async () => {
        await expect(writeFiles([{ path: join(folder, 'x.npy'), bytes }], false)).rejects.toMatchObject({
          code: 'write-failed',
          detail: { next: 'Choose a folder that you may write to.' }
        })
        await expect(writeFolder(join(folder, 'adapter'), pair, false)).rejects.toMatchObject({
          code: 'write-failed'
        })
      })
      expect(await readdir(folder)).toEqual([])
      await chmod(folder, 0o755)
    })
  }
)
