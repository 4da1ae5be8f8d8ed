/** The files of an experiment's folder are data of others: each is refused by an error of ours, and at once. */
import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { readFolderFile, readOutcome } from '#main/experiments/workflow/experiment-folder.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const schema = z.object({ values: z.array(z.number()) })

it.each([
  ['that is nested without end', '['.repeat(1_000_000), 'unsupported'],
  ['that is no JSON', '{', 'file-malformed'],
  ['of another form', '[]', 'file-malformed']
])('a file %s is refused', async (_, text, code) => {
  const path = join(await temporaryFolder(), 'plan.json')
  await writeFile(path, text)
  await expect(readFolderFile(path, schema)).rejects.toMatchObject({ code })
  await expect(readOutcome(path, 'group')).rejects.toMatchObject({ code })
})

it.skipIf(process.platform === 'win32')('a pipe, a folder or nothing in its place is refused', async () => {
  const folder = await temporaryFolder()
  execFileSync('mkfifo', [join(folder, 'pipe')])
  await mkdir(join(folder, 'folder'))
  for (const name of ['pipe', 'folder'])
    await expect(readFolderFile(join(folder, name), schema)).rejects.toMatchObject({
      code: 'file-unreadable'
    })
  await expect(readFolderFile(join(folder, 'none'), schema)).rejects.toMatchObject({ code: 'file-not-found' })
})

it('of many faults the first are told, and how many more there are', async () => {
  const path = join(await temporaryFolder(), 'plan.json')
  await writeFile(path, JSON.stringify({ values: Array.from({ length: 100_000 }, () => 'x') }))
  await expect(readFolderFile(path, schema)).rejects.toMatchObject({
    code: 'file-malformed',
    detail: { found: expect.stringMatching(/and 99990 more$/) }
  })
})
