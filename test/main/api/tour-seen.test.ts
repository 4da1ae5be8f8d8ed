/** Whether the tour was seen, as it is kept with a person's settings. */
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openTourSeen } from '#main/api/tour-seen.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('is known to whoever asks next, and to the next program; a file of something else says that it was not seen', async () => {
  const folder = join(await temporaryFolder(), 'settings')
  const file = join(folder, 'tour.json')
  const tour = openTourSeen(file)
  expect(await tour.isSeen()).toBe(false)
  const noted = tour.note()
  expect(await tour.isSeen()).toBe(true)
  await noted
  expect(await readdir(folder)).toEqual(['tour.json'])
  expect(await openTourSeen(file).isSeen()).toBe(true)
  await writeFile(file, '{"seen": "perhaps"}')
  expect(await openTourSeen(file).isSeen()).toBe(false)
})
