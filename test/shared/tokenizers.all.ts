/** Every tokenizer that lies beside the project, against the whole of transformers.js. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { sharedFolder } from '#test/support/shared-data.ts'
import { cutByBoth, tokenizerFolders } from '#test/support/transformers-tokenizers.ts'

for (const name of ['families', 'exports', 'reference']) {
  const folder = resolve(sharedFolder, name)
  if (!existsSync(folder)) {
    test.skip(`the tokenizers of ${name} (skipped: ${folder} is not there)`, () => {})
    continue
  }
  test.each(tokenizerFolders(folder))('%s is cut as by transformers.js', async (model) => {
    const [engine, library] = await cutByBoth(model)
    expect(engine).toEqual(library)
  })
}
