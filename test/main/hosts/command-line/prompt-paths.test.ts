import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { promptName } from '#main/hosts/command-line/prompt-paths.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const namesOf = (paths: readonly string[]) => Promise.all(paths.map((path) => promptName(path, paths)))

test.each([
  [
    ['a/one.npy', 'b/two.pt'],
    ['one', 'two']
  ],
  [
    ['a/P19.npy', 'b/P19.npy', 'c/other.npy'],
    ['a/P19', 'b/P19', 'other']
  ],
  [
    ['x/deep/P19.npy', 'y/deep/P19.npy'],
    ['x/deep/P19', 'y/deep/P19']
  ],
  [
    ['a/P19.npy', 'a/P19.pt'],
    ['P19.npy', 'P19.pt']
  ],
  [
    ['out/{task}.npy', 'out/P19.npy'],
    ['out/{task}.npy', 'P19']
  ],
  // A path twice is one prompt.
  [
    ['a/P19.npy', 'a/P19.npy'],
    ['P19', 'P19']
  ]
])('prompts of %j are called %j', async (paths, names) => {
  expect(await namesOf(paths)).toEqual(names)
})

test('the dots of a folder stay, the ending of a file goes', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'bs.method'))
  await writeFile(join(folder, 'bs.file.npy'), '')
  expect(await namesOf([join(folder, 'bs.method'), join(folder, 'bs.file.npy')])).toEqual([
    'bs.method',
    'bs.file'
  ])
})
