/** Mistakes in an experiment file are named with their place, what was found and what was expected. */
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { checkExperiment, type Mistake } from '#main/experiments/spec/check-experiment.ts'
import { experimentJsonSchema } from '#main/experiments/spec/experiment-file.ts'
import { listTemplates, makeExperimentFile } from '#main/experiments/spec/experiment-templates.ts'
import { checkExperimentText, readExperiment } from '#main/experiments/spec/read-experiment.ts'
import { sampleFolder, smallExperiment } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const templates = resolve(import.meta.dirname, '../../../../assets/experiments')

/** What is wrong with a text. */
function mistakesOf(text: string): readonly Mistake[] {
  const checked = checkExperiment(text)
  return 'mistakes' in checked ? checked.mistakes : []
}

/** The error for a file with this text, which holds no experiment. */
async function refusal(text: string): Promise<AnchorageError> {
  const path = join(await temporaryFolder(), 'my.yaml')
  await writeFile(path, text)
  try {
    await readExperiment(path)
  } catch (error) {
    if (error instanceof AnchorageError) return error
    throw error
  }
  throw new Error('the experiment was taken')
}

/** As long as a text may be, and of the shape that is known to take longest: some seconds. */
const slowText = `a: ${'b\n'.repeat(60_000)}`

/** Thirty lists, each of nine times the one before. */
function billionLaughs(): string {
  const list = (index: number) =>
    `b${index}: &b${index} [${Array(9)
      .fill(`*b${index - 1}`)
      .join(', ')}]`
  return ['b0: &b0 [x]', ...Array.from({ length: 30 }, (_, index) => list(index + 1))].join('\n')
}

/** The line of the small experiment, from 1, that holds the words. */
function lineOf(words: string, text: string): number {
  return text.slice(0, text.indexOf(words)).split('\n').length
}

const mistakes: { what: string; change: [string, string]; at: string; found: string; expected: string }[] = [
  {
    what: 'a model that is not named',
    change: ['targets: [bert-large]', 'targets: [bert-larg]'],
    at: 'bert-larg]',
    found: 'bert-larg',
    expected: 'the name of a model of this file: bert-small, roberta-small, bert-large'
  },
  {
    what: 'a method that is not named',
    change: ['methods: [exact]', 'methods: [exactly]'],
    at: 'exactly]',
    found: 'exactly',
    expected: 'the name of a method of this file: '
  },
  {
    what: 'a misspelt key',
    change: ['snapshotEvery: 20', 'snapshotsEvery: 20'],
    at: 'snapshotsEvery',
    found: 'the key snapshotsEvery',
    expected: 'a key of the schema'
  },
  {
    what: 'a kind that is none',
    change: ['kind: random', 'kind: randon'],
    at: 'kind: randon',
    found: '"randon"',
    expected: "'random' | 'manual'"
  },
  {
    what: 'a number where a list belongs',
    change: ['only: [capital, currency]', 'only: 2'],
    at: 'only: 2',
    found: '2',
    expected: 'array'
  },
  {
    what: 'a weight below zero',
    change: ['sources: subsets', 'sources: [{ bert-small: -1 }]'],
    at: 'bert-small: -1',
    found: '-1',
    expected: 'number to be >0'
  },
  {
    what: 'validation without steps to choose among',
    change: [', snapshotEvery: 20', ''],
    at: 'search:',
    found: '"selection":"validation"',
    expected: 'selection by validation needs snapshotEvery'
  },
  {
    what: 'rescaling inside a search that has no steps',
    change: ['sources: subsets', 'vary: { rescale: [after, inside] }'],
    at: 'rescale: [after, inside]',
    found: 'inside, with exact',
    expected: 'the exact search has no steps to rescale inside of'
  },
  {
    what: 'rescaling inside a search of centred anchors',
    change: ['sources: subsets', 'vary: { centre: [none, mean], rescale: [inside] }'],
    at: 'rescale: [inside]',
    found: 'inside, with exact',
    expected: 'the exact search has no steps to rescale inside of'
  },
  {
    what: 'two sections of one name',
    change: ['name: others', 'name: sets'],
    at: 'name: sets\n    methods: [least-squares',
    found: 'sets',
    expected: 'a name that no other section has'
  }
]

describe('a mistake in an experiment file', () => {
  it.each(mistakes)('$what has its line, what was found and what was expected', (mistake) => {
    const text = smallExperiment(mistake.change)
    const [first] = mistakesOf(text)
    expect(first?.line).toBe(lineOf(mistake.at, text))
    expect(first?.found).toContain(mistake.found)
    expect(first?.expected).toContain(mistake.expected)
  })

  it('is told with the file and its place, the others by their lines', async () => {
    const text = smallExperiment(
      ['targets: [bert-large]', 'targets: [x]'],
      ['methods: [exact]', 'methods: [y]']
    )
    const { code, detail } = await refusal(text)
    expect(code).toBe('file-malformed')
    expect(detail.where).toMatch(
      new RegExp(`my\\.yaml, line ${lineOf('targets', text)}, column \\d+ \\(targets\\[0\\]\\)$`)
    )
    expect(detail.next).toContain(`more mistakes in lines ${lineOf('methods: [y]', text)}`)
  })

  it('of YAML itself has its line too', () => {
    expect(mistakesOf('name: x\nmodels: [')[0]).toMatchObject({ line: 2, column: 10 })
  })

  it.each([
    ['nested ever deeper', '- '.repeat(65_000), 'too deep'],
    ['nested in brackets', '['.repeat(100_000), 'too deep'],
    [
      'nested line by line',
      Array.from({ length: 5 }, (_, i) => `${' '.repeat(i * 200)}- - a:`).join('\n'),
      'deep'
    ],
    ['longer than any experiment', `name: ${'x'.repeat(2 ** 17)}`, 'characters, which is more than'],
    ['of aliases of aliases', billionLaughs(), 'alias'],
    ['with a key twice', `${smallExperiment()}\nname: again\n`, 'the key name a second time'],
    ['with maps for keys', '? '.repeat(200), 'no plain word']
  ])('a text %s is refused', async (_, text, found) => {
    const checked = await checkExperimentText(text)
    expect('mistakes' in checked && checked.mistakes[0]?.found).toMatch(found)
  })

  it('of many mistakes the first are told', () => {
    const mistakes = mistakesOf(Array.from({ length: 16_000 }, (_, i) => `k${i}: 1`).join('\n'))
    expect(mistakes.length).toBeGreaterThan(0)
    expect(mistakes.length).toBeLessThanOrEqual(100)
  })

  it('of a text that takes seconds to read leaves the host’s own thread free', async () => {
    const order: string[] = []
    const checked = checkExperimentText(slowText).then(() => order.push('checked'))
    setImmediate(() => order.push('something else'))
    await checked
    expect(order).toEqual(['something else', 'checked'])
  })

  it.each([
    ['time', { seconds: 0.001, megabytes: 1024 }, 'more than 0.001 s of work'],
    ['memory', { seconds: 30, megabytes: 16 }, 'more than 16 MB of memory']
  ])('is not looked for in more %s than a text may take', async (_, limits, found) => {
    await expect(checkExperimentText(slowText, limits)).rejects.toMatchObject({
      code: 'unsupported',
      detail: { found }
    })
  })

  it('says where the file was looked for', async () => {
    await expect(readExperiment('/nowhere/my.yaml')).rejects.toMatchObject({
      code: 'file-not-found',
      detail: { where: '/nowhere/my.yaml' }
    })
  })
})

describe('what ships', () => {
  it('templates and the sample are experiments', async () => {
    const names = await listTemplates(templates)
    expect(names).toEqual(['ablation', 'matching', 'pair', 'paper', 'sources'])
    const files = [
      ...names.map((name) => join(templates, `${name}.yaml`)),
      join(sampleFolder, 'sample.study.yaml'),
      join(sampleFolder, 'refinement.yaml')
    ]
    for (const file of files) expect((await readExperiment(file)).sections.length).toBeGreaterThan(0)
  })

  it('the schema for editors is the one that files are read by', async () => {
    const shipped: unknown = JSON.parse(await readFile(join(templates, 'experiment.schema.json'), 'utf8'))
    expect(shipped, 'anchorage experiment schema > assets/experiments/experiment.schema.json').toEqual(
      experimentJsonSchema()
    )
  })

  it('a new file tells its editor where the schema is, and replaces nothing', async () => {
    const file = join(await temporaryFolder(), 'my.yaml')
    await makeExperimentFile(templates, 'pair', file)
    expect(await readFile(file, 'utf8')).toContain(`$schema=${join(templates, 'experiment.schema.json')}\n`)
    await expect(makeExperimentFile(templates, 'pair', file)).rejects.toMatchObject({ code: 'write-failed' })
    await expect(makeExperimentFile(templates, 'pear', `${file}2`)).rejects.toMatchObject({
      code: 'not-found'
    })
  })
})
