/** `anchorage experiment race`: the best set of an experiment's sources, kept, marked, and not asked twice. */
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import type { RaceRecord } from '#engine/common/contract/races.ts'
import { openStoreToRead } from '#store/project-store.ts'
import { anchorage } from '#test/support/command-line.ts'
import { writeSmallExperiment } from '#test/support/small-experiment.ts'

it('names the best set, keeps it, and pays for no answer twice', { timeout: 300_000 }, async () => {
  const experiment = await writeSmallExperiment()
  const project = join(dirname(experiment), 'race.anchorage')
  const race = async (...words: string[]): Promise<RaceRecord> => {
    const asked = ['--json', 'experiment', 'race', experiment, '--project', project, ...words]
    const { code, out, err } = await anchorage(asked)
    expect(code, err).toBe(0)
    const { races }: { races: RaceRecord[] } = JSON.parse(out)
    const [only] = races
    if (only === undefined || races.length > 1) throw new Error(`${races.length} races`)
    return only
  }
  const first = await race('--budget', '0.5')
  expect(first).toMatchObject({ split: 'dev', budget: 0.5, known: 0, examples: 40, all: 120 })
  expect(first.sets).toHaveLength(3)
  expect(first.answers).toBeLessThanOrEqual(60)
  const until = ['--sure', '--section', 'sets', '--tolerance', '0']
  // It draws otherwise than within a budget: what both ask is known.
  const sure = await race(...until)
  expect(sure.known).toBeGreaterThan(0)
  expect(sure.known).toBeLessThanOrEqual(first.answers)
  const again = await race(...until)
  expect(again).toMatchObject({ chosen: sure.chosen, answers: sure.answers, known: sure.answers })

  const store = await openStoreToRead(project)
  expect(await store.read.races.list()).toMatchObject([again, sure, first])
  await store.close()

  const info = JSON.parse((await anchorage(['--json', 'project', 'info', project])).out)
  const { id, chosen } = info.races[2]
  expect(chosen).toEqual(first.sets[first.chosen]?.sources.map(({ model }) => model.name))
  const deleted = await anchorage(['project', 'delete', project, id])
  expect(deleted.code, deleted.err).toBe(0)
  const left = await openStoreToRead(project)
  expect(await left.read.races.list()).toMatchObject([again, sure])
  await left.close()

  const text = await anchorage(['experiment', 'race', experiment, '--project', project, '--budget', '0.5'])
  expect(text.out).toContain('labels of the dev split: not zero-shot')
  expect(text.out).toMatch(/zero-shot: all +bert-small \+ roberta-small: \d/)
  const unknown = await anchorage([
    'experiment',
    'race',
    experiment,
    '--project',
    project,
    '--target',
    'gpt2'
  ])
  expect(unknown.code).not.toBe(0)
  expect(unknown.err).toContain('bert-large')
})
