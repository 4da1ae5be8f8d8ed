/** Every tokenizer of the repository, against the whole of transformers.js. Others: `test/shared/tokenizers.all.ts`. */
import { join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { cutByBoth, tokenizerFolders } from '#test/support/transformers-tokenizers.ts'

const root = resolve(import.meta.dirname, '../../..')
const folders = ['assets', 'test/fixtures'].flatMap((part) => tokenizerFolders(join(root, part)))

test('there are tokenizers of every kind', () => {
  expect(folders.length).toBeGreaterThanOrEqual(12)
})

test.each(folders.map((folder) => relative(root, folder)))(
  '%s is cut as by transformers.js',
  async (folder) => {
    const [engine, library] = await cutByBoth(join(root, folder))
    expect(engine).toEqual(library)
  }
)
