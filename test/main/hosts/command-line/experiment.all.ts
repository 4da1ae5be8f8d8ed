/** An experiment at the command line: made, planned, run, killed in the middle, gone on with, looked at. */
import type { ChildProcess } from 'node:child_process'
import { access, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { anchorage } from '#test/support/command-line.ts'
import { smallExperiment, writeSmallExperiment } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

type Status = { cells: number; done: number; groups: number; groupsLeft: number; secondsLeft: number | null }

async function ask(...words: string[]): Promise<Status> {
  const { code, out, err } = await anchorage(['--json', 'experiment', ...words])
  expect(code, err).toBe(0)
  return JSON.parse(out)
}

/** Kills the program at once when the project holds a group. */
async function killWhenSomethingIsDone(
  child: ChildProcess,
  experiment: string,
  project: string
): Promise<void> {
  while (child.exitCode === null) {
    const { code, out } = await anchorage([
      '--json',
      'experiment',
      'status',
      experiment,
      '--project',
      project
    ])
    const status: Status | null = code === 0 ? JSON.parse(out) : null
    if (status !== null && status.groupsLeft < status.groups) break
    await delay(50)
  }
  child.kill('SIGKILL')
}

describe('anchorage experiment', () => {
  it('plans, runs, goes on after a kill, and tells how far it is', { timeout: 300_000 }, async () => {
    const experiment = await writeSmallExperiment(['steps: 60', 'steps: 3000'])
    const project = join(dirname(experiment), 'experiment.anchorage')
    expect(await ask('plan', experiment, '--project', project)).toMatchObject({
      cells: 16,
      done: 0,
      groupsLeft: 4
    })
    let killing: Promise<void> | undefined
    const killed = await anchorage(['experiment', 'run', experiment, '--project', project], (child) => {
      killing = killWhenSomethingIsDone(child, experiment, project)
    })
    await killing
    expect(killed.code).toBeNull()
    const { groupsLeft } = await ask('status', experiment, '--project', project)
    expect(groupsLeft).toBeGreaterThan(0)
    expect(groupsLeft).toBeLessThan(4)
    expect(await ask('run', experiment, '--project', project)).toMatchObject({
      cells: 16,
      done: 16,
      groupsLeft: 0
    })
    // What is left of a like experiment is estimated by what this one took.
    await writeFile(experiment, smallExperiment(['steps: 60', 'steps: 2000']))
    const left = await ask('plan', experiment, '--project', project)
    expect(left).toMatchObject({ done: 14, groupsLeft: 2 })
    expect(left.secondsLeft).toBeGreaterThan(0)
  })

  it('makes a file from a template, and says what is wrong with one', async () => {
    const file = join(await temporaryFolder(), 'my.experiment.yaml')
    expect((await anchorage(['experiment', 'new', '--template', 'paper', file])).code).toBe(0)
    await writeFile(file, (await readFile(file, 'utf8')).replace('kind: exact', 'kind: exakt'))
    const { code, err } = await anchorage(['experiment', 'plan', file])
    expect(code).toBe(1)
    expect(err).toContain('my.experiment.yaml, line ')
    expect(err).toContain('found:    "exakt"')
  })

  it('prints the schema of its files', async () => {
    const { code, out } = await anchorage(['experiment', 'schema'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      title: 'Anchorage experiment',
      required: expect.arrayContaining(['models'])
    })
  })
})

it('collecting from a folder that is none makes no project', async () => {
  const folder = await temporaryFolder()
  const project = join(folder, 'collected.anchorage')
  const { code, err } = await anchorage([
    'experiment',
    'collect',
    join(folder, 'nowhere'),
    '--project',
    project
  ])
  expect(code).not.toBe(0)
  expect(err).toContain('plan.json')
  await expect(access(project)).rejects.toThrow('ENOENT')
})
