/** The report of an experiment at the command line: before it ran, and after. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { anchorage } from '#test/support/command-line.ts'
import { writeSmallExperiment } from '#test/support/small-experiment.ts'

it('writes the report of an experiment that ran, and says so where none did', {
  timeout: 300_000
}, async () => {
  const experiment = await writeSmallExperiment()
  const project = join(dirname(experiment), 'experiment.anchorage')
  const folder = join(dirname(experiment), 'report')
  const words = ['--json', 'experiment', 'report', experiment, '--project', project, '--out', folder]
  expect((await anchorage(words)).code).not.toBe(0)

  const run = await anchorage(['--json', 'experiment', 'run', experiment, '--project', project])
  expect(run.code, run.err).toBe(0)
  const { code, out, err } = await anchorage(words)
  expect(code, err).toBe(0)
  const { files, cells, done, fileHasChanged } = JSON.parse(out)
  expect({ cells, done, fileHasChanged }).toEqual({ cells: 16, done: 16, fileHasChanged: false })
  expect(files).toContain(join(folder, 'tables', 'sets.tex'))
  const page = await readFile(files[0], 'utf8')
  expect(page).toContain('All 16 cells were run.')
  // The step of the search was chosen by data of the target: the table says so.
  expect(page).toContain(
    'V: the step of the search, or the set of sources, was chosen by labels of the target'
  )
})
