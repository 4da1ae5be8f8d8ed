/** The workflow in Snakemake itself: jobs side by side, one of them killed, and all of it once more. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { anchorage, commandLine } from '#test/support/command-line.ts'
import { writeSmallExperiment } from '#test/support/small-experiment.ts'

const isHere = spawnSync('snakemake', ['--version']).status === 0
if (!isHere) process.stderr.write('snakemake is not installed: its test is skipped\n')

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch {
    return false
  }
}

/** Runs the workflow on two cores; its exit code. */
async function snakemake(folder: string): Promise<number | null> {
  const child = spawn('snakemake', ['--cores', '2', '--keep-going', '--quiet'], {
    cwd: folder,
    stdio: 'ignore'
  })
  const [code] = await once(child, 'close')
  return code
}

/** The processes of two jobs at work at the same time. */
async function twoAtOnce(folder: string): Promise<number[]> {
  for (;;) {
    const files = await readdir(folder)
    const ids = await Promise.all(
      files.map(async (file) => Number(await readFile(join(folder, file), 'utf8')))
    )
    const alive = ids.filter((id) => id > 0 && isAlive(id))
    if (alive.length >= 2) return alive
    await delay(20)
  }
}

// Snakemake starts a program per job, twice over: a minute on a busy machine.
it.skipIf(!isHere)(
  'runs side by side, and after a kill goes on with what is missing',
  { timeout: 300_000 },
  async () => {
    const experiment = await writeSmallExperiment()
    const folder = join(dirname(experiment), 'workflow')
    const processes = join(dirname(experiment), 'processes')
    await mkdir(processes)
    // Says which process a job is, then becomes it.
    const program = join(dirname(experiment), 'anchorage.sh')
    await writeFile(
      program,
      `#!/bin/sh\necho $$ > ${processes}/$(basename "$3")\nexec ${process.execPath} ${commandLine} "$@"\n`
    )
    await chmod(program, 0o755)
    const exporting = ['experiment', 'export', experiment, '--snakemake', folder, '--link', '--threads', '1']
    expect((await anchorage([...exporting, '--anchorage', program])).code).toBe(0)

    const running = snakemake(folder)
    const [killed = 0] = await twoAtOnce(processes)
    process.kill(killed, 'SIGKILL')
    expect(await running).toBe(1)
    const results = await readdir(join(folder, 'results'))
    expect(results.length).toBeLessThan(4)

    expect(await snakemake(folder)).toBe(0)
    expect((await readdir(join(folder, 'results'))).length).toBe(4)
    const project = join(dirname(experiment), 'experiment.anchorage')
    const { code, out } = await anchorage(['--json', 'experiment', 'collect', folder, '--project', project])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ taken: 4, missing: 0, refused: [], cells: 16, done: 16 })
  }
)
