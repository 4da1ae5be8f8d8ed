/** The log of the application goes on from start to start, and doesn't grow for ever. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { earlierLog, openLog } from '#main/hosts/desktop/log.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('keeps what an earlier start has written', async () => {
  const file = join(await temporaryFolder(), 'logs', 'anchorage.log')
  openLog(file).error('the engine ended')
  openLog(file).info('started again')
  expect(await readFile(file, 'utf8')).toMatch(/the engine ended.*\n.*started again/)
})

it('is put aside where it has grown large', async () => {
  const file = join(await temporaryFolder(), 'anchorage.log')
  await writeFile(file, 'x'.repeat(2_000_001))
  openLog(file).info('a new one')
  expect((await stat(file)).size).toBeLessThan(1000)
  expect((await stat(earlierLog(file))).size).toBe(2_000_001)
})
