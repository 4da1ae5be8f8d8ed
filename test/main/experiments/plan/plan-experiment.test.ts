/** Cells are known by what makes their result: change one thing, and only the cells that it concerns are new. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planId } from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { sampleFolder, smallExperimentFile } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

type Change = [from: string, to: string]

const control = { signal: new AbortController().signal }

function plan(...changes: Change[]): Promise<ExperimentPlan> {
  return planExperiment(smallExperimentFile(...changes), '/', engineInProcess(), control)
}

/** What every cell is, for a person, by its id. */
function cellsOf({ sections }: ExperimentPlan): Map<string, string> {
  return new Map(
    sections.flatMap(({ cells }) =>
      cells.map(({ id, method, sources, task }): [string, string] => [
        id,
        [method, ...sources.map(({ model }) => model), task.name].join(' ')
      ])
    )
  )
}

/** The cells of a plan that another has not. */
async function newCells(...changes: Change[]): Promise<string[]> {
  const before = cellsOf(await plan())
  return [...cellsOf(await plan(...changes))].flatMap(([id, cell]) => (before.has(id) ? [] : [cell])).sort()
}

describe('the id of a cell', () => {
  it('is the same whenever the same experiment is planned', async () => {
    const [once, again] = [await plan(), await plan()]
    expect([...cellsOf(once).keys()]).toEqual([...cellsOf(again).keys()])
    expect(planId(once)).toBe(planId(again))
  })

  it('changes with a method, for its cells alone', async () => {
    expect(await newCells(['steps: 60', 'steps: 80'])).toEqual([
      'search bert-small capital',
      'search bert-small currency'
    ])
  })

  it('does not change with the name of a method, or of the experiment', async () => {
    expect(
      await newCells(
        ['name: small', 'name: other'],
        ['random: {', 'drawn: {'],
        ['[random, manual', '[drawn, manual']
      )
    ).toEqual([])
  })

  it('changes with how prompts are tuned, for what is tuned alone', async () => {
    expect(await newCells(['epochs: 1', 'epochs: 2'])).toEqual([
      'direct-tuning capital',
      'direct-tuning currency'
    ])
  })

  it('changes with a prompt file, for what is transferred from it', async () => {
    const folder = join(await temporaryFolder(), 'bert-small')
    await cp(join(sampleFolder, 'prompts/bert-small'), folder, { recursive: true })
    const moved: Change = [`${sampleFolder}/prompts/bert-small`, folder]
    expect(await newCells(moved)).toEqual([])
    const file = join(folder, 'capital/prompt_vecs.npy')
    const bytes = await readFile(file)
    bytes.writeFloatLE(0.25, bytes.length - 4)
    await writeFile(file, bytes)
    expect(await newCells(moved)).toEqual([
      'exact bert-small capital',
      'exact bert-small roberta-small capital',
      'least-squares bert-small capital',
      'search bert-small capital'
    ])
  })

  it('changes with the facts of a relation, for that relation', async () => {
    const tasks = join(await temporaryFolder(), 'tasks')
    await cp(join(sampleFolder, 'tasks'), tasks, { recursive: true })
    const moved: Change = [`${sampleFolder}/tasks/relations`, `${tasks}/relations`]
    expect(await newCells(moved)).toEqual([])
    const file = join(tasks, 'relations/currency/test.jsonl')
    const [, ...facts] = (await readFile(file, 'utf8')).trim().split('\n')
    await writeFile(file, `${facts.join('\n')}\n`)
    const changed = await newCells(moved)
    // Three references, three sets of sources, two others; of the other relation none.
    expect(changed).toHaveLength(8)
    expect(changed.every((cell) => cell.endsWith('currency'))).toBe(true)
  })

  it('changes with the number of anchors, for what anchors count for', async () => {
    const methods = new Set(
      (await newCells(['anchors: 512', 'anchors: 256'])).map((cell) => cell.split(' ')[0])
    )
    expect(methods).toEqual(new Set(['exact', 'least-squares', 'search']))
  })

  it('draws anew with another seed what is drawn, and keeps the manual template', async () => {
    const tuned: Change = ['seed: 1 }\n    - { model: roberta', 'seed: 2 }\n    - { model: roberta']
    const other: Change = ['length: 5, seed: 1 }\n  tuning', 'length: 5, seed: 2 }\n  tuning']
    const changed = await newCells(tuned, other, ['device: cpu', 'device: cpu\nseeds: [2]'])
    // The exact search draws nothing, and the prompts of the files are the same.
    expect(new Set(changed.map((cell) => cell.split(' ')[0]))).toEqual(
      new Set(['direct-tuning', 'random', 'search'])
    )
  })
})

describe('a plan', () => {
  it('gathers all cells of a target and a task, each once, and tunes a prompt once', async () => {
    const { groups } = await plan([
      '  - name: others',
      '  - name: again\n    methods: [exact, direct-tuning]\n  - name: others'
    ])
    expect(groups.map(({ label }) => label)).toEqual([
      'tuning bert-large on capital, 5 vectors, seed 1',
      'tuning bert-large on currency, 5 vectors, seed 1',
      'bert-large on capital',
      'bert-large on currency'
    ])
    const cells = groups.flatMap((group) => (group.kind === 'measuring' ? group.cells.length : []))
    expect(cells).toEqual([8, 8])
  })

  it('asks what to do where a prompt is nowhere', async () => {
    await expect(plan(['  tuning: { epochs: 1 }\n', ''])).rejects.toMatchObject({
      code: 'needs-choice',
      message: 'There is no prompt of bert-large for capital.',
      detail: { next: expect.stringContaining('tuning: {}') }
    })
  })

  it('names a relation that is not there', async () => {
    await expect(plan(['[capital, currency]', '[capitol]'])).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no relation capitol.'
    })
  })
})
