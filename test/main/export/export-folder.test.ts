/** Exports as a person sees them: a preview that leaves nothing behind, and a bundle that can be opened. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { gemmaFolder, peftFolder } from '#test/support/readers.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { idsOfSample, windowOnSample } from '#test/support/window-on-sample.ts'

describe('an export', () => {
  it('is previewed as the files that are then written, without a trace', async () => {
    const window = await windowOnSample()
    await window.call('sample.open', { isNew: false })
    const { prompt } = await idsOfSample(window.call)
    const [run] = await window.call('runs.list', {})
    const temporary = await temporaryFolder()
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const order = {
      promptIds: [prompt('bert-small', 'capital'), run?.promptId ?? ''],
      format: 'json' as const
    }
    const preview = await window.call('export.preview', order)
    expect(await readdir(temporary)).toEqual([])
    const folder = await temporaryFolder()
    const written = await window.call('export.write', { ...order, folder, overwrite: false })
    expect(written.files).toEqual(preview.files)
    // Each prompt has a note beside it, and that of the run its manifest.
    expect(written.files).toHaveLength(5)
    const [first] = written.files
    const whole = await readFile(join(folder, first?.path ?? ''), 'utf8')
    expect(whole.startsWith(first?.text ?? 'nothing')).toBe(true)
    await expect(window.call('export.write', { ...order, folder, overwrite: false })).rejects.toMatchObject({
      code: 'write-failed'
    })
  })

  it('is bundled with a page that says what it holds', async () => {
    const window = await windowOnSample()
    const { prompt } = await idsOfSample(window.call)
    const path = join(await temporaryFolder(), 'prompts.zip')
    const promptIds = [prompt('bert-small', 'capital')]
    const { files } = await window.call('export.bundle', { promptIds, format: 'npy', path })
    const archive = await fromBufferPromise(await readFile(path))
    const contents = new Map<string, string>()
    for await (const entry of archive.eachEntry())
      contents.set(entry.fileName, await text(await archive.openReadStreamPromise(entry)))
    expect([...contents.keys()].sort()).toEqual(files.map((file) => file.path).sort())
    const { vectors } = await window.call('prompts.get', { id: promptIds[0] ?? '' })
    const shape = Buffer.from(`${vectors.rows}x${vectors.columns}\n`)
    const values = Buffer.from(vectors.data.buffer, vectors.data.byteOffset, vectors.data.byteLength)
    expect(contents.get('README.md')).toContain(
      createHash('sha256')
        .update(Buffer.concat([shape, values]))
        .digest('hex')
    )
  })

  it("of a prompt that PEFT made for a model that multiplies embeddings is PEFT's again", async () => {
    const window = await windowOnSample()
    const model = await window.call('models.add', { folder: gemmaFolder })
    const choice = { path: peftFolder }
    const { ids } = await window.call('prompts.import', { imports: [{ modelId: model.id, choice }] })
    const folder = await temporaryFolder()
    await window.call('export.write', { promptIds: ids, format: 'peft', folder, overwrite: false })
    // A factor of 4 is taken out and put in again without a rounding.
    const written = await readPrompt({ path: join(folder, 'peft-gemma3') })
    expect(written.vectors).toEqual((await readPrompt(choice)).vectors)
    const imported = await window.call('prompts.get', { id: ids[0] ?? '' })
    expect(imported.vectors.data[0]).toBeCloseTo((await readPrompt(choice)).vectors.data[0] / 4, 6)
  })
})
