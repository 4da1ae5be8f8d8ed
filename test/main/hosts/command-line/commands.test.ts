/** The commands that look, build, convert and check, as a person runs them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { openStore } from '#store/project-store.ts'
import { anchorage, commandLine, withoutProgress } from '#test/support/command-line.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { gemmaFolder, peftFolder } from '#test/support/readers.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { floatTensor, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const bert = referenceModelFolder('bert')
const roberta = referenceModelFolder('roberta')
const gpt2 = referenceModelFolder('gpt2')

/** A folder with prompts for bert and roberta, and the arguments that carry one of bert's to gpt2. */
async function oneSource(): Promise<{ folder: string; transfer: string[] }> {
  const folder = await temporaryFolder()
  await writePromptTree(join(folder, 'bert'), ['P19'], 5, 32)
  await writePromptTree(join(folder, 'roberta'), ['P19'], 3, 48)
  const transfer = [
    ...['transfer', '--source', bert, '--prompt', join(folder, 'bert/P19/prompt_vecs.npy')],
    ...['--target', gpt2, '--device', 'cpu', '--out', join(folder, 'out')],
    ...['--project', join(folder, 'p.anchorage')]
  ]
  return { folder, transfer }
}

async function runCount(folder: string): Promise<number> {
  const { out } = await anchorage(['--json', 'project', 'info', join(folder, 'p.anchorage')])
  return JSON.parse(out).runCount
}

describe('anchorage models and anchors', () => {
  it('inspects a model folder', async () => {
    const { code, out } = await anchorage(['--json', 'models', 'inspect', bert])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ name: 'tiny-bert', family: 'bert', width: 32 })
  })

  it('builds anchors that a transfer uses again', async () => {
    const { folder, transfer } = await oneSource()
    const words = join(folder, 'shared.txt')
    const built = await anchorage(['--json', 'anchors', 'build', bert, gpt2, '--cap', '60', '--out', words])
    expect(built.code).toBe(0)
    expect(JSON.parse(built.out).anchors).toHaveLength(60)
    const { code, out } = await anchorage(['--json', ...transfer, '--anchors', words])
    expect(code).toBe(0)
    const [run] = JSON.parse(out).runs
    expect(run.manifest.anchors).toMatchObject({ count: 60, hash: JSON.parse(built.out).hash })
  })
})

describe('anchorage prompts', () => {
  it('lists a tree, and converts a prompt without changing a number', async () => {
    const { folder } = await oneSource()
    const listed = await anchorage(['--json', 'prompts', 'inspect', join(folder, 'bert')])
    expect(JSON.parse(listed.out).candidates).toMatchObject([{ relation: 'P19', shape: [5, 32] }])
    const from = join(folder, 'bert/P19/prompt_vecs.npy')
    const to = join(folder, 'p19.safetensors')
    expect((await anchorage(['prompts', 'convert', from, to])).code).toBe(0)
    const [before, after] = [await readPrompt({ path: from }), await readPrompt({ path: to })]
    expect(after.vectors).toEqual(before.vectors)
    const again = await anchorage(['prompts', 'convert', from, to, '--format', 'safetensors'])
    expect(again.code).toBe(1)
    expect(again.err).toContain('p19.safetensors')
  })

  it("writes PEFT's scale for a model that multiplies embeddings, and reads it back", async () => {
    const folder = await temporaryFolder()
    const [rows, adapter] = [join(folder, 'rows.npy'), join(folder, 'adapter')]
    const model = ['--model', gemmaFolder]
    const read = await anchorage(['prompts', 'convert', peftFolder, rows, ...model])
    expect(read).toMatchObject({ code: 0, out: expect.stringContaining('rows of the table × 4.00000') })
    expect((await anchorage(['prompts', 'convert', rows, adapter, '--format', 'peft', ...model])).code).toBe(
      0
    )
    const { vectors } = await readPrompt({ path: peftFolder })
    expect((await readPrompt({ path: adapter })).vectors).toEqual(vectors)
    const table = (await readPrompt({ path: rows })).vectors.data
    expect(table.map((value) => 4 * value)).toEqual(vectors.data)
  })

  it('says of what it refuses what was found', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'damaged.npy'), 'no array')
    const { out } = await anchorage(['prompts', 'inspect', folder])
    expect(out).toMatch(/refused: .*damaged\.npy: .+\n {2}found: .+/)
  })
})

describe('a transfer is refused before anything is computed or stored', () => {
  it('where its prompts are there already, unless it may overwrite them', async () => {
    const { folder, transfer } = await oneSource()
    expect((await anchorage(transfer)).code).toBe(0)
    const path = join(folder, 'out/P19/prompt_vecs.npy')
    const before = await readFile(path)
    const refused = await anchorage(transfer)
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(path)
    expect(await readFile(path)).toEqual(before)
    expect(await runCount(folder)).toBe(1)
    expect((await anchorage([...transfer, '--overwrite'])).code).toBe(0)
    // The same inputs are the same run.
    expect(await runCount(folder)).toBe(1)
  })

  it('where the prompts of the sources differ in length', async () => {
    const { folder, transfer } = await oneSource()
    const second = ['--source', roberta, '--prompt', join(folder, 'roberta/P19/prompt_vecs.npy')]
    const { code, err } = await anchorage([...transfer, ...second])
    expect(code).toBe(1)
    expect(err).toContain('tiny-bert: 5 vectors; tiny-roberta: 3 vectors')
    const { out } = await anchorage(['--json', 'project', 'info', join(folder, 'p.anchorage')])
    expect(JSON.parse(out).jobs).toEqual([])
  })

  it('where the anchors are missing', async () => {
    const { folder, transfer } = await oneSource()
    const { code, err } = await anchorage([...transfer, '--anchors', join(folder, 'none.txt')])
    expect(code).toBe(1)
    expect(err).toContain('none.txt')
  })

  it('where another process has the project open, which is named', async () => {
    const { folder, transfer } = await oneSource()
    await anchorage(transfer)
    const store = await openStore(join(folder, 'p.anchorage'))
    try {
      const { code, err } = await anchorage([...transfer, '--overwrite'])
      expect(code).toBe(1)
      expect(err).toContain(`process ${process.pid}`)
      // Looking at it and exporting from it need no lock.
      const project = ['project', 'export', join(folder, 'p.anchorage'), '--out', join(folder, 'again')]
      expect((await anchorage(project)).code).toBe(0)
    } finally {
      await store.close()
    }
  })

  it.each([
    [['--k', 'many'], '--k'],
    [['--weight', '0'], '--weight'],
    [['--seeds', '1,x'], '--seeds'],
    [['--format', 'openprompt'], '--format']
  ])('where %j makes no sense, with exit code 2', async (options, named) => {
    const { code, err } = await anchorage(['transfer', ...options])
    expect(code).toBe(2)
    expect(err).toContain(named)
  })
})

describe('a project', () => {
  it('says why work that was tried again failed', async () => {
    const { folder, transfer } = await oneSource()
    const failed = await anchorage(['--json', ...transfer, '--device', 'nowhere'])
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.out).job.state).toBe('failed')
    const { code, out, err } = await anchorage(['project', 'resume', join(folder, 'p.anchorage')])
    expect(code).toBe(1)
    expect(out).toContain('tiny-bert → tiny-gpt2: failed')
    expect(err).toContain('nowhere')
  })

  it('exports runs of the same relation under names of their own', async () => {
    const { folder, transfer } = await oneSource()
    await anchorage(transfer)
    await anchorage([...transfer, '--overwrite', '--ridge', '0.5'])
    const project = join(folder, 'p.anchorage')
    const arguments_ = ['--json', 'project', 'export', project, '--out', join(folder, 'both')]
    const { code, out } = await anchorage([...arguments_, '--format', 'npy'])
    expect(code).toBe(0)
    const prompts = JSON.parse(out).filter((path: string) => path.endsWith('.npy'))
    expect(new Set(prompts).size).toBe(2)
    const [first, second] = await Promise.all(prompts.map((path: string) => readPrompt({ path })))
    expect(first.vectors.data).not.toEqual(second.vectors.data)
  })
})

describe('output that nobody reads to its end', () => {
  it('is no failure', async () => {
    const child = spawn(process.execPath, [commandLine, '--json', 'models', 'inspect', bert])
    child.stdout.destroy()
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(withoutProgress(err)).toBe('')
    expect(code).toBe(0)
  })
})

describe('anchorage doctor', () => {
  it('tells versions and devices', async () => {
    const { code, out } = await anchorage(['--json', 'doctor'])
    expect(code).toBe(0)
    const { devices, versions } = JSON.parse(out)
    expect(versions.node).toBe(process.versions.node)
    expect(devices).toContainEqual(expect.objectContaining({ name: 'cpu', available: true, agrees: true }))
  })

  it('tells of a model what it can do, and that the embeddings of words answer as the words do', async () => {
    const { code, out } = await anchorage(['--json', 'doctor', gpt2])
    expect(code).toBe(0)
    const examination = JSON.parse(out)
    expect(examination).toMatchObject({
      report: { family: 'gpt2' },
      query: { can: true },
      tune: { can: true },
      timing: { tokens: 4 },
      selfCheck: { agrees: true, words: Array.from({ length: 4 }, () => expect.stringMatching(/^\p{L}+$/u)) }
    })
    // The same sums, perhaps in another order: float32.
    expect(examination.selfCheck.largestDifference).toBeLessThan(1e-5)
    const told = await anchorage(['doctor', gpt2])
    expect(told.out).toMatch(/self-check +right: with the embeddings of /)
  })

  it('tells of a model without a graph why it is not queried, and of one that answers wrongly that it does', async () => {
    // The weights hold the table alone.
    const alone = await temporaryFolder()
    for (const file of ['config.json', 'tokenizer.json']) await cp(join(gpt2, file), join(alone, file))
    const other = Array.from({ length: 806 * 40 }, (_, at) => Math.sin(at))
    await writeSafetensors(join(alone, 'model.safetensors'), { 'wte.weight': floatTensor([806, 40], other) })
    const refused = JSON.parse((await anchorage(['--json', 'doctor', alone])).out)
    expect(refused).toMatchObject({
      query: { can: false, note: expect.stringContaining('none is written') },
      tune: { can: false },
      selfCheck: null
    })

    // The same table beside the graph, which looks words up in another one.
    await cp(join(gpt2, 'onnx'), join(alone, 'onnx'), { recursive: true })
    const { code, out } = await anchorage(['doctor', alone])
    expect(out).toMatch(/self-check +WRONG/)
    expect(code).toBe(3)
  })
})
