/** The Hugging Face cache as it is: snapshots of links into `blobs`, refs, and weights that run from there. */
import { cp, mkdir, readdir, rename, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { architectureFixtures } from '#test/support/families.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A repository of the cache with one snapshot of a fixture, every file a link into `blobs`. */
async function cachedModel(revisions: readonly string[], main?: string): Promise<string> {
  const repository = join(await temporaryFolder(), 'models--someone--tiny')
  await mkdir(join(repository, 'blobs'), { recursive: true })
  await mkdir(join(repository, 'refs'))
  for (const [age, revision] of revisions.entries()) {
    const snapshot = join(repository, 'snapshots', revision)
    await cp(join(architectureFixtures, 'bert'), snapshot, { recursive: true })
    const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
    const words = Array.from({ length: 96 }, (_, index) => special[index] ?? `word${index}`)
    await writeFile(join(snapshot, 'vocab.txt'), `${words.join('\n')}\n`)
    for (const name of await readdir(snapshot)) {
      const blob = `${revision}-${name.length}-${name.charCodeAt(0)}`
      await rename(join(snapshot, name), join(repository, 'blobs', blob))
      await symlink(join('..', '..', 'blobs', blob), join(snapshot, name))
    }
    const time = new Date(2026, 0, 10 - age)
    await utimes(snapshot, time, time)
  }
  if (main !== undefined) await writeFile(join(repository, 'refs', 'main'), `${main}\n`)
  return repository
}

describe('a repository of the Hugging Face cache', () => {
  it('opens at the revision of main, and runs from its blobs', async () => {
    const folder = await cachedModel(['aaa', 'bbb'], 'bbb')
    const model = await openModel({ folder })
    expect(model.report).toMatchObject({
      name: 'someone/tiny',
      table: { file: 'model.safetensors' },
      graph: { file: 'model.safetensors' }
    })
    expect(model.checkpoint.tensors[0].file).toContain(join('blobs', 'bbb-'))
    const language = await openLanguageModel(model, 'cpu')
    const prompts = { rows: 0, columns: 32, data: new Float32Array(0) }
    const logits = await language.answer(
      {
        rows: 1,
        length: 3,
        ids: BigInt64Array.of(2n, 4n, 3n),
        attentionMask: BigInt64Array.of(1n, 1n, 1n),
        answerPositions: Int32Array.of(1)
      },
      prompts
    )
    await language.release()
    expect(logits).toMatchObject({ rows: 1, columns: 96 })
  })

  it('opens at the latest revision where main is not there', async () => {
    const model = await openModel({ folder: await cachedModel(['new', 'old'], 'gone') })
    expect(model.checkpoint.tensors[0].file).toContain(join('blobs', 'new-'))
  })

  it('without a snapshot is refused with what to do', async () => {
    const folder = await cachedModel([])
    await expect(openModel({ folder })).rejects.toMatchObject({
      code: 'file-not-found',
      detail: { found: 'no snapshot', next: expect.stringContaining('Fetch') }
    })
  })
})
