import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findRelations } from '#engine/evaluation/find-relations.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

test('finds relations at any depth in the order of their numbers', async () => {
  const root = await temporaryFolder()
  for (const name of ['P19', 'deeper/P101', 'P9', 'notes']) await mkdir(join(root, name), { recursive: true })
  await writeFile(join(root, 'P19/test.jsonl'), '')
  await writeFile(join(root, 'deeper/P101/train.jsonl'), '')
  await writeFile(join(root, 'P9/dev.jsonl'), '')
  expect((await findRelations(root)).map(({ name }) => name)).toEqual(['P9', 'P19', 'P101'])
  expect(await findRelations(join(root, 'P9'))).toEqual([{ name: 'P9', folder: join(root, 'P9') }])
})

test('says what it looked for where there is none', async () => {
  const root = await temporaryFolder()
  await expect(findRelations(root)).rejects.toMatchObject({ code: 'file-not-found', detail: { where: root } })
  await expect(findRelations(join(root, 'absent'))).rejects.toMatchObject({ code: 'file-not-found' })
})
