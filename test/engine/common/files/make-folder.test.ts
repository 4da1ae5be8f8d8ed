/** Folders that commands are told to write to: made, or refused at once. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolders } from '#engine/common/files/make-folder.ts'
import { ensureFolder, writeJsonFile } from '#engine/common/files/write-whole.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('makes what is missing and says where it began', async () => {
  const folder = await temporaryFolder()
  expect(await makeFolders(join(folder, 'a', 'b', 'c'))).toBe(join(folder, 'a'))
  expect(await makeFolders(join(folder, 'a', 'b', 'c'))).toBeUndefined()
  expect(await makeFolders(join(folder, 'a', 'b', 'd'))).toBe(join(folder, 'a', 'b', 'd'))
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['c', 'd'])
})

it('is not stopped by another that makes the same', async () => {
  const folder = await temporaryFolder()
  await Promise.all(Array.from({ length: 20 }, () => makeFolders(join(folder, 'a/b/c/d/e'))))
  expect(await readdir(join(folder, 'a/b/c/d'))).toEqual(['e'])
})

it('refuses a file in the way', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  await expect(makeFolders(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(makeFolders(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

it.skipIf(process.platform !== 'linux')('comes back from below /proc with an error', async () => {
  const refused = expect.objectContaining({ code: 'write-failed' })
  await expect(ensureFolder('/proc/nothing/deeper')).rejects.toEqual(refused)
  await expect(writeJsonFile('/proc/nothing/deeper/file.json', {})).rejects.toEqual(refused)
})

it('needs no folder above that it may write to where it is there', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'there'))
  expect(await makeFolders(join(folder, 'there', '.'))).toBeUndefined()
})
