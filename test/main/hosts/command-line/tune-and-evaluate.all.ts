/** The story of a prompt on the command line: tuned on a model, written, read again, and scored. */
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openStoreToRead } from '#store/project-store.ts'
import { anchorage } from '#test/support/command-line.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

// Each test starts the program several times, and it tunes.
vi.setConfig({ testTimeout: 180_000 })

const scores = z.object({ examples: z.number(), accuracy: z.number(), meanLoss: z.number() })
const evaluated = z.object({
  results: z.array(
    z.object({
      task: z.string(),
      device: z.string(),
      conditions: z.array(z.object({ name: z.string(), template: z.string(), scores }))
    })
  ),
  averages: z.array(z.object({ name: z.string(), tasks: z.number(), micro: z.number(), macro: z.number() }))
})
const tuned = z.array(
  z.object({ task: z.string(), result: z.object({ chosenStep: z.number(), loss: z.array(z.number()) }) })
)

const quick = [
  ...['--device', 'cpu', '--seed', '0'],
  ...['--learning-rate', '0.1', '--epochs', '30', '--batch-size', '12']
]

test.each(referenceFamilies)(
  'a prompt is tuned on %s, written and evaluated beside others',
  async (family) => {
    const { root, folder, commonVocabulary } = await wordRelation()
    const model = referenceModelFolder(family)
    const task = ['--relation', folder, '--common-vocabulary', commonVocabulary]
    const out = join(root, 'tuned.safetensors')
    const made = await anchorage(['tune', model, ...task, ...quick, '--vectors', '4', '--out', out])
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining(`written ${out}`) })
    expect(made.out).toContain('[X] [V1] [V2] [V3] [V4] [MASK] .')

    const predictions = join(root, 'predictions.jsonl')
    const conditions = [
      '--prompt',
      out,
      '--manual',
      '--random',
      '4',
      '--seed',
      '0',
      '--predictions',
      predictions
    ]
    const asked = await anchorage(['--json', 'evaluate', model, ...task, ...conditions, '--device', 'cpu'])
    expect(asked.code).toBe(0)
    const [result] = evaluated.parse(JSON.parse(asked.out)).results
    expect(result.conditions.map(({ name }) => name)).toEqual(['tuned', 'manual', 'random (seed 0)'])
    const [byTuned, , byRandom] = result.conditions
    expect(byTuned.template).toBe('[X] [V1] [V2] [V3] [V4] [MASK] .')
    expect(byTuned.scores.examples).toBe(12)
    expect(byTuned.scores.meanLoss).toBeLessThan(byRandom.scores.meanLoss)
    const lines = (await readFile(predictions, 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(36)
    expect(JSON.parse(lines[0])).toMatchObject({
      task: 'P1',
      condition: 'tuned',
      input: 'king',
      label: 'france'
    })
  }
)

test('a project records what was tuned and evaluated as runs, the evaluation of a tuned prompt in the run that tuned it', async () => {
  const { root, folder, commonVocabulary } = await wordRelation()
  const model = referenceModelFolder('bert')
  const task = ['--relation', folder, '--common-vocabulary', commonVocabulary]
  const [out, project] = [join(root, 'tuned.safetensors'), join(root, 'p.anchorage')]
  const recorded = [...task, '--device', 'cpu', '--project', project]
  const tune = ['tune', model, ...recorded, '--epochs', '2', '--vectors', '4', '--out', out]
  expect(await anchorage(tune)).toMatchObject({
    code: 0,
    out: expect.stringContaining(`recorded in ${project}`)
  })
  const evaluate = ['--json', 'evaluate', model, ...recorded, '--prompt', out, '--manual', '--random', '4']
  const [result] = evaluated.parse(JSON.parse((await anchorage(evaluate)).out)).results
  // Again: the same inputs are the same runs.
  await anchorage(evaluate)
  const store = await openStoreToRead(project)
  const runs = await store.read.runs.overview()
  const scoresOf = (kind: string) =>
    runs.filter(({ manifest }) => manifest.method.kind === kind).map(({ scores }) => scores?.meanLoss)
  expect(runs).toHaveLength(3)
  expect(scoresOf('direct-tuning')).toEqual([result.conditions[0].scores.meanLoss])
  expect(scoresOf('manual')).toEqual([result.conditions[1].scores.meanLoss])
  expect(scoresOf('random')).toEqual([result.conditions[2].scores.meanLoss])
  const tuning = runs.find(({ manifest }) => manifest.method.kind === 'direct-tuning')
  expect(await store.read.runs.get(tuning?.id ?? '')).toMatchObject({
    loss: expect.any(Float64Array),
    manifest: { tuning: { start: { kind: 'random', vectors: 4 } } }
  })
  await store.close()
})

test('a relation without a usable label is told of by name, and the others are evaluated', async () => {
  const { root, folder, commonVocabulary } = await wordRelation()
  await cp(folder, join(root, 'P0'), { recursive: true })
  await writeFile(join(root, 'P0', 'test.jsonl'), JSON.stringify({ sub: 'king', obj: 'no such candidate' }))
  const model = referenceModelFolder('bert')
  const task = ['--relations', root, '--common-vocabulary', commonVocabulary]
  const asked = await anchorage(['--json', 'evaluate', model, ...task, '--random', '4', '--device', 'cpu'])
  expect(asked.code).toBe(1)
  expect(asked.err).toContain('P0')
  const { results, failed } = evaluated
    .extend({ failed: z.array(z.object({ task: z.string(), error: z.object({ code: z.string() }) })) })
    .parse(JSON.parse(asked.out))
  expect(results.map(({ task }) => task)).toEqual(['P1'])
  expect(failed).toEqual([{ task: 'P0', error: { code: 'mismatch' } }])
})

/** A tiny Gemma 3, which multiplies embeddings by 4 before PEFT's vectors enter. */
const readers = join(import.meta.dirname, '../../../fixtures/readers')
const gemma = join(readers, 'tiny-gemma3')

test("PEFT's vectors are read and written in the scale of a model that multiplies embeddings", async () => {
  const { root, folder, commonVocabulary } = await wordRelation()
  const task = ['--relation', folder, '--common-vocabulary', commonVocabulary]
  const evaluate = ['--json', 'evaluate', gemma, ...task, '--device', 'cpu']
  const template = '[V1] [V2] [V3] [X] is in [MASK]'
  const adapter = join(readers, 'peft-gemma3')
  const rows = join(root, 'rows.npy')
  expect((await anchorage(['prompts', 'convert', adapter, rows, '--model', gemma])).code).toBe(0)
  const both = await anchorage([...evaluate, '--template', template, '--prompt', adapter, rows])
  const [given] = evaluated.parse(JSON.parse(both.out)).results
  const [ofAdapter, ofRows] = given.conditions
  expect(Math.abs(ofAdapter.scores.meanLoss / ofRows.scores.meanLoss - 1)).toBeLessThan(1e-6)

  const tuning = [
    'tune',
    gemma,
    ...task,
    '--device',
    'cpu',
    '--epochs',
    '1',
    '--vectors',
    '3',
    '--start',
    adapter
  ]
  const outs = [join(root, 'tuned'), join(root, 'tuned.npy')]
  for (const [index, format] of ['peft', 'npy'].entries()) {
    const place = ['--template', template, '--format', format, '--out', outs[index]]
    expect((await anchorage([...tuning, ...place])).code).toBe(0)
  }
  const again = await anchorage([...evaluate, '--template', template, '--prompt', ...outs])
  const [tunedBoth] = evaluated.parse(JSON.parse(again.out)).results
  const [asAdapter, asRows] = tunedBoth.conditions
  expect(Math.abs(asAdapter.scores.meanLoss / asRows.scores.meanLoss - 1)).toBeLessThan(1e-6)
})

test('an evaluation that fails leaves no file of predictions behind', async () => {
  const { root, folder } = await wordRelation()
  const [missing, predictions] = [join(root, 'missing.npy'), join(root, 'predictions.jsonl')]
  const request = ['evaluate', referenceModelFolder('bert'), '--relation', folder, '--prompt', missing]
  expect((await anchorage([...request, '--predictions', predictions])).code).toBe(1)
  await expect(readFile(predictions)).rejects.toMatchObject({ code: 'ENOENT' })
  await writeFile(predictions, 'mine')
  expect((await anchorage([...request, '--predictions', predictions])).err).toContain('predictions.jsonl')
  expect(await readFile(predictions, 'utf8')).toBe('mine')
})

test('a weights file is chosen among several whose names say nothing, for evaluation and tuning', async () => {
  const { root, folder, commonVocabulary } = await wordRelation()
  const model = join(root, 'model')
  await cp(referenceModelFolder('bert'), model, { recursive: true })
  await cp(join(model, 'onnx', 'model.onnx'), join(model, 'first.onnx'))
  await rename(join(model, 'onnx', 'model.onnx'), join(model, 'onnx', 'second.onnx'))
  const task = ['--relation', folder, '--common-vocabulary', commonVocabulary, '--device', 'cpu']
  const evaluate = ['evaluate', model, ...task, '--manual']
  const unknown = await anchorage(evaluate)
  expect(unknown.code).toBe(1)
  expect(unknown.err).toContain('first.onnx, onnx/second.onnx')
  const missing = await anchorage([...evaluate, '--weights', 'third.onnx'])
  expect(missing.code).toBe(1)
  expect(missing.err).toMatch(/third\.onnx\n\s*found: +first\.onnx, onnx\/second\.onnx\n/)
  expect((await anchorage([...evaluate, '--weights', 'onnx/second.onnx'])).code).toBe(0)
  const out = join(root, 'tuned.npy')
  const tuning = ['tune', model, ...task, '--epochs', '1', '--out', out]
  expect((await anchorage([...tuning, '--weights', 'first.onnx'])).code).toBe(0)

  const shown = await anchorage(['models', 'inspect', model, '--weights', 'first.onnx'])
  expect(shown.out).toMatch(/^kind +masked$/m)
  expect(shown.out).toMatch(/^graph to run +first\.onnx/m)
})

test('prompts of one name are told apart by their folders', async () => {
  const { root, folder, commonVocabulary } = await wordRelation()
  const model = referenceModelFolder('bert')
  const task = ['--relation', folder, '--common-vocabulary', commonVocabulary]
  const prompts = [join(root, 'one', 'P1.npy'), join(root, 'two', 'P1.npy')]
  expect((await anchorage(['tune', model, ...task, '--epochs', '1', '--out', prompts[0]])).code).toBe(0)
  await cp(join(root, 'one'), join(root, 'two'), { recursive: true })
  const { out } = await anchorage(['--json', 'evaluate', model, ...task, '--prompt', ...prompts])
  const [result] = evaluated.parse(JSON.parse(out)).results
  expect(result.conditions.map(({ name }) => name)).toEqual(['one/P1', 'two/P1'])
})

test('a template of vectors beside a start from words is refused before the model is opened', async () => {
  const { root, folder } = await wordRelation()
  const words = ['--start', 'manual', '--template', '[X] [V1] [MASK] .']
  const nowhere = join(root, 'nowhere')
  const { code, err } = await anchorage([
    'tune',
    nowhere,
    '--relation',
    folder,
    ...words,
    '--out',
    join(root, 'p')
  ])
  expect(code).toBe(1)
  expect(err).toContain('A manual template has words, not prompt vectors.')
})

/** Three relations below one folder. */
async function threeRelations(): Promise<string> {
  const { root } = await wordRelation(undefined, 'P1')
  for (const name of ['P2', 'P10']) {
    await mkdir(join(root, name))
    const lines = wordFacts(6).map((fact) => JSON.stringify(fact))
    for (const split of ['train', 'test'])
      await writeFile(join(root, name, `${split}.jsonl`), lines.join('\n'))
  }
  return root
}

test('relations are tuned in a queue and evaluated with a prompt each, averaged', async () => {
  const root = await threeRelations()
  const model = referenceModelFolder('bert')
  const prompts = join(root, 'tuned/{task}.npy')
  const queue = ['--relations', root, '--out', prompts, '--vectors', '2', '--epochs', '1']
  const made = await anchorage(['--json', 'tune', model, ...queue, '--device', 'cpu'])
  expect(tuned.parse(JSON.parse(made.out)).map(({ task }) => task)).toEqual(['P1', 'P2', 'P10'])

  const asked = await anchorage([
    '--json',
    'evaluate',
    model,
    '--relations',
    root,
    '--prompt',
    prompts,
    '--device',
    'cpu'
  ])
  const { results, averages } = evaluated.parse(JSON.parse(asked.out))
  const accuracies = results.map(({ conditions: [{ scores: found }] }) => found)
  const hits = accuracies.reduce((sum, found) => sum + found.accuracy * found.examples, 0)
  expect(accuracies.map(({ examples }) => examples)).toEqual([12, 6, 6])
  expect(averages).toMatchObject([{ name: prompts, tasks: 3 }])
  expect(averages[0].micro).toBeCloseTo(hits / 24, 10)
})

test('a tree of prompts has a folder per task, as OptiPrompt writes it', async () => {
  const root = await threeRelations()
  const model = referenceModelFolder('bert')
  const tree = join(root, 'tree')
  const out = join(tree, '{task}/prompt_vecs.npy')
  const quickly = ['--relations', root, '--device', 'cpu']
  await anchorage(['tune', model, ...quickly, '--out', out, '--vectors', '2', '--epochs', '1'])
  const asked = await anchorage(['--json', 'evaluate', model, ...quickly, '--prompt', tree, '--vectors', '2'])
  expect(evaluated.parse(JSON.parse(asked.out)).averages).toMatchObject([{ name: 'tree', tasks: 3 }])
})

test.skipIf(process.platform === 'win32')(
  'Ctrl-C keeps the best so far, in the project too, and leaves the rest of a queue',
  async () => {
    const root = await threeRelations()
    const prompts = join(root, 'tuned/{task}.npy')
    const project = join(root, 'p.anchorage')
    const settings = ['--epochs', '100000', '--device', 'cpu', '--vectors', '2', '--project', project]
    const { code, out } = await anchorage(
      ['tune', referenceModelFolder('bert'), '--relations', root, '--out', prompts, ...settings],
      (child) => {
        child.stderr?.on('data', (said) => /tuning/.test(`${said}`) && child.kill('SIGINT'))
      }
    )
    expect(code).toBe(130)
    expect(out).toContain('cancelled: 2 of 3 tasks were not tuned')
    expect(out).toContain(`written ${join(root, 'tuned/P1.npy')}`)
    const store = await openStoreToRead(project)
    const kept = (await store.read.runs.overview()).map(({ manifest }) => manifest.tuning)
    expect(kept).toMatchObject([{ task: { name: 'P1' }, ended: 'cancelled' }])
    await store.close()
  }
)

test('labelled texts are named by their files and label words, which are shown as tokens', async () => {
  const { root } = await wordRelation()
  const file = join(root, 'test.tsv')
  await writeFile(file, 'sentence\tgold\nthe river\t1\nthe war\t0\n')
  const words = ['--label-word', '1=white', '--label-word', '0=black']
  const columns = ['--text-column', 'sentence', '--label-column', 'gold']
  const template = ['--manual', '--manual-template', '[X] is [MASK] .']
  const { code, out } = await anchorage([
    'evaluate',
    referenceModelFolder('bert'),
    ...['--test', file, ...words, ...columns, ...template, '--device', 'cpu']
  ])
  expect(code).toBe(0)
  expect(out).toMatch(/label word white: \d+ "white"/)
  expect(out).toMatch(/manual +2 /)
})

test.each([
  [['evaluate', 'MODEL'], 'One task, or one folder of tasks, must be named.'],
  [['evaluate', 'MODEL', '--relation', 'RELATION'], 'There is nothing to evaluate.'],
  [['evaluate', 'MODEL', '--test', 'x.tsv', '--manual'], 'need a word for each label'],
  [
    ['tune', 'MODEL', '--relation', 'RELATION', '--out', 'RELATION'],
    'There is something at the path already.'
  ],
  [
    ['tune', 'MODEL', '--relations', 'ROOT', '--out', 'one.npy'],
    'Several prompts would be written to one path.'
  ]
])('anchorage %j says what is wrong', async (command, message) => {
  const root = await threeRelations()
  const places: Record<string, string> = {
    MODEL: referenceModelFolder('bert'),
    ROOT: root,
    RELATION: join(root, 'P1')
  }
  const { code, err } = await anchorage(command.map((part) => places[part] ?? part))
  expect(err).toContain(message)
  expect(code).toBe(1)
})
