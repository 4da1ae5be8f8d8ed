/** The commands that need no labels: retrieval, which needs no prompt either, and refinement. */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { openProject } from '#main/project/project.ts'
import { openStoreToRead } from '#store/project-store.ts'
import { anchorage } from '#test/support/command-line.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

const bert = referenceModelFolder('bert')
const roberta = referenceModelFolder('roberta')
const gpt2 = referenceModelFolder('gpt2')

describe('anchorage retrieval', () => {
  const sides = ['--source', bert, '--source', roberta, '--target', gpt2, '--device', 'cpu']
  const unmasked = [...sides, '--mask', 'all']

  it('prints one document, which centring, weights and the method change', async () => {
    const ask = async (...more: string[]) => {
      const { code, out, err } = await anchorage(['--json', 'retrieval', ...more])
      expect(code, err).toBe(0)
      return JSON.parse(out)
    }
    const found = await ask(...unmasked)
    expect(found).toMatchObject({ heldOut: 32, anchors: 128 })
    for (const share of [found.hit1, found.hit10]) {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
    expect((await ask(...unmasked, '--centre', 'mean')).cosine).toBe(found.cosine)
    for (const more of [
      [...unmasked, '--centre', 'none'],
      [...unmasked, '--weight', '1', '--weight', '5'],
      [...sides, '--method', 'procrustes']
    ])
      expect((await ask(...more)).cosine, more.join(' ')).not.toBe(found.cosine)
  })

  it('warns in words where little comes back', async () => {
    const { out } = await anchorage(['retrieval', ...unmasked])
    expect(out).toMatch(/hit@10 in %/)
    expect(out).toContain('32 anchors held out, 128 transferred by')
  })

  it('refuses a mask where the method has none', async () => {
    const { code, out, err } = await anchorage(['retrieval', ...unmasked, '--method', 'procrustes'])
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain('--mask is a setting of other methods')
  })

  it('refuses weights that do not fit the sources', async () => {
    const { code, err } = await anchorage(['retrieval', ...unmasked, '--weight', '2'])
    expect(code).not.toBe(0)
    expect(err).toContain('2 sources, 1 weights')
  })
})

describe('anchorage refine', () => {
  it('writes a prompt that says that no labels were used, whatever they are', async () => {
    const write = async (obj?: string) => {
      const facts = wordFacts().map((fact) => (obj === undefined ? fact : { ...fact, obj }))
      const { root, folder, commonVocabulary } = await wordRelation({ train: facts, test: facts })
      const prompts = await temporaryFolder()
      await writePromptTree(prompts, ['P1'], 5, 32)
      const path = join(root, 'refined.safetensors')
      const { code, out, err } = await anchorage([
        ...['--json', 'refine', '--source', bert, '--prompt', prompts, '--vectors', '5', '--target', roberta],
        ...['--relation', folder, '--common-vocabulary', commonVocabulary, '--inputs', '8', '--epochs', '4'],
        ...['--device', 'cpu', '--out', path]
      ])
      expect(code, err).toBe(0)
      return { refined: JSON.parse(out), prompt: await readPrompt({ path }) }
    }
    const [right, wrong] = [await write(), await write('japan')]
    expect(right.refined).toMatchObject([
      { task: 'P1', labels: 'none', result: { teaching: { inputs: 8, trained: 6, heldOut: 2 } } }
    ])
    expect(right.prompt.vectors.rows).toBe(5)
    expect(wrong.prompt.vectors).toEqual(right.prompt.vectors)
  })

  it('records a run with its prompt, which an evaluation completes', async () => {
    const { root, folder, commonVocabulary } = await wordRelation()
    const prompts = await temporaryFolder()
    await writePromptTree(prompts, ['P1'], 5, 32)
    const [project, path] = [join(root, 'refined.anchorage'), join(root, 'refined.safetensors')]
    const task = ['--relation', folder, '--common-vocabulary', commonVocabulary, '--device', 'cpu']
    const asked = [
      ...['refine', '--source', bert, '--prompt', prompts, '--vectors', '5', '--target', roberta, ...task],
      ...['--inputs', '8', '--epochs', '4', '--out', path, '--project', project]
    ]
    const refused = await anchorage([...asked, '--inputs-file', commonVocabulary])
    expect(refused.err).toContain('--project beside --inputs-file')
    const { code, err } = await anchorage(asked)
    expect(code, err).toBe(0)
    const evaluated = await anchorage(['evaluate', roberta, '--prompt', path, ...task, '--project', project])
    expect(evaluated.code, evaluated.err).toBe(0)
    const opened = await openProject(project, engineInProcess())
    onTestFinished(() => opened.close())
    const { read } = opened.store
    const runs = await read.runs.overview()
    expect(runs).toHaveLength(1)
    const [{ manifest, scores, promptId }] = runs
    expect(manifest).toMatchObject({
      method: { kind: 'refine', start: 'transferred', inputs: 8, epochs: 4 },
      selection: 'agreement',
      centre: 'mean',
      refinement: { task: { name: 'P1' }, teaching: { inputs: 8, trained: 6, heldOut: 2 }, steps: 4 },
      task: { name: 'P1' }
    })
    expect(scores?.examples).toBe(12)
    const stored = await read.prompts.get(promptId ?? '')
    expect(stored?.prompt.vectors).toEqual((await readPrompt({ path })).vectors)
  })

  it.skipIf(process.platform === 'win32')(
    'is ended by Ctrl-C: with the best so far, or without a run where a project records it',
    async () => {
      const { root, folder, commonVocabulary } = await wordRelation()
      const [out, project] = [join(root, 'refined.npy'), join(root, 'refined.anchorage')]
      const asked = [
        ...['refine', '--source', bert, '--prompt', 'manual', '--target', roberta, '--relation', folder],
        ...['--common-vocabulary', commonVocabulary, '--start', 'random', '--inputs', '8'],
        ...['--epochs', '100000', '--device', 'cpu', '--out', out]
      ]
      const interrupt = (child: ChildProcess) =>
        child.stderr?.on('data', (said) => /step|tuning|refining/.test(`${said}`) && child.kill('SIGINT'))
      const prompts = await temporaryFolder()
      await writePromptTree(prompts, ['P1'], 5, 32)
      const recorded = asked.map((word) => (word === 'manual' ? prompts : word))
      // Each tells of its progress after some seconds: both at once.
      const [kept, ended] = await Promise.all([
        anchorage(asked, interrupt),
        anchorage([...recorded, '--vectors', '5', '--overwrite', '--project', project], interrupt)
      ])
      expect(kept.code, kept.err).toBe(130)
      expect(kept.out).toContain(`written ${out}`)
      expect(ended.code).toBe(130)
      expect(ended.err).toContain('The work was cancelled.')
      const store = await openStoreToRead(project)
      expect(await store.read.runs.count()).toBe(0)
      await store.close()
    }
  )

  it('starts from random vectors where the teacher is a manual template', async () => {
    const { root, folder, commonVocabulary } = await wordRelation()
    const asked = [
      ...['refine', '--source', bert, '--prompt', 'manual', '--target', roberta, '--relation', folder],
      ...['--common-vocabulary', commonVocabulary, '--inputs', '8', '--epochs', '2', '--device', 'cpu'],
      ...['--out', join(root, 'refined.npy')]
    ]
    const refused = await anchorage(asked)
    expect(refused.code).not.toBe(0)
    expect(refused.err).toContain('no vectors to transfer')
    const { code, out, err } = await anchorage([...asked, '--start', 'random'])
    expect(code, err).toBe(0)
    expect(out).toContain('P1: no labels; 8 unlabelled inputs; 2 steps on the target')
  })
})

describe('anchorage suggest-sources', () => {
  const suggest = async (sources: readonly (readonly [model: string, width: number])[]) => {
    const { folder, commonVocabulary } = await wordRelation()
    const named: string[] = []
    for (const [model, width] of sources) {
      const prompts = await temporaryFolder()
      await writePromptTree(prompts, ['P1'], 5, width)
      named.push('--source', model, '--prompt', prompts)
    }
    return await anchorage([
      ...['--json', 'suggest-sources', ...named],
      ...['--vectors', '5', '--target', gpt2, '--relation', folder, '--common-vocabulary', commonVocabulary],
      ...['--inputs', '8', '--device', 'cpu']
    ])
  }

  it('ranks every set of the sources by its agreement with all of them', async () => {
    const { code, out, err } = await suggest([
      [bert, 32],
      [roberta, 48]
    ])
    expect(code, `${out}${err}`).toBe(0)
    const [{ task, inputs, sets }] = JSON.parse(out)
    expect([task, inputs]).toEqual(['P1', 8])
    const names = sets.map(({ sources }: { sources: string[] }) => sources.join(' '))
    expect(names.toSorted()).toEqual([bert, `${bert} ${roberta}`, roberta].toSorted())
    const agreement: number[] = sets.map((set: { agreement: number }) => set.agreement)
    expect(agreement).toEqual(agreement.toSorted((a, b) => b - a))
    for (const share of agreement) expect(share * 8).toBeCloseTo(Math.round(share * 8), 9)
  })

  it('refuses a single source', async () => {
    const { code, out } = await suggest([[bert, 32]])
    expect(code).not.toBe(0)
    expect(out).toContain('among 2 to 6')
  })
})
