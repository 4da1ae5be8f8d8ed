import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeReportFolder } from '#main/experiments/report/report-folder.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('a report has a new folder, whatever has that name', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'report'), 'a letter')
  await mkdir(join(folder, 'report 2'))
  expect(await makeReportFolder(folder)).toBe(join(folder, 'report 3'))
  expect(await makeReportFolder(folder)).toBe(join(folder, 'report 4'))
  expect(await readFile(join(folder, 'report'), 'utf8')).toBe('a letter')
  expect(await readdir(folder)).toHaveLength(4)
  await expect(makeReportFolder(join(folder, 'none'))).rejects.toMatchObject({ code: 'write-failed' })
})
