/**
 * `npm run slurm`: an experiment of the sample as a workflow on a Slurm cluster of three nodes on this machine. A node is
 * killed while it works, and a group is given less memory than it takes: everything else must be computed, once; `collect`
 * must say what failed and why; with the memory put right the rest is computed, and everything is what one machine finds,
 * bit by bit. `--write` puts the figures in docs/scale.md. Needs munge, slurmctld and slurmd, and Snakemake with its plugin
 * for Slurm (`ANCHORAGE_SNAKEMAKE` names the program); where one is missing it says so and ends well.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { readAttempts } from '#main/experiments/workflow/attempts.ts'
import { jobsSchema } from '#main/experiments/workflow/experiment-folder.ts'
import { anchorage } from '#test/support/command-line.ts'
import { type Cluster, missingPrograms, startCluster } from './cluster.ts'
import { compareProjects } from './compare-projects.ts'
import { sampleExperiment } from './sample-experiment.ts'
import { writeFigures } from './write-figures.ts'

const run = promisify(execFile)
const snakemake = process.env['ANCHORAGE_SNAKEMAKE'] ?? 'snakemake'
const nodes = ['node1', 'node2', 'node3'] as const
const killedNode = 'node2'
/** Mebibytes of the group that has too few: enough to begin, and twice as many, at its last attempt, less than it takes. */
const tooFew = 90

/** Runs Snakemake on the cluster; its exit code and what it said. */
async function submit({ environment }: Cluster, workflow: string): Promise<{ code: number; said: string }> {
  const options = ['--profile', 'profiles/slurm', '--latency-wait', '10', '--slurm-status-command', 'squeue']
  const child = spawn(snakemake, [...options, '--slurm-init-seconds-before-status-checks', '3'], {
    cwd: workflow,
    // Jobs call the Snakemake that submitted them.
    env: { ...environment, PATH: `${dirname(resolve(snakemake))}${delimiter}${environment['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      said += data.toString()
    })
  const [code] = await once(child, 'close')
  return { code: code ?? 1, said }
}

const collectedSchema = z.object({
  taken: z.int(),
  known: z.int(),
  missing: z.int(),
  refused: z.array(z.unknown()),
  unfinished: z.array(
    z.object({ group: z.string(), label: z.string(), attempts: z.int(), reason: z.string() })
  ),
  cells: z.int(),
  done: z.int()
})

async function command(words: readonly string[]): Promise<string> {
  const { code, out, err } = await anchorage(words)
  if (code !== 0) throw new Error(`anchorage ${words.join(' ')} ended with ${code}: ${err}`)
  return out
}

const collect = async (workflow: string, project: string) =>
  collectedSchema.parse(
    JSON.parse(await command(['--json', 'experiment', 'collect', workflow, '--project', project]))
  )

const readJobs = async (workflow: string) =>
  jobsSchema.parse(JSON.parse(await readFile(join(workflow, 'groups.json'), 'utf8')))

/** Gives the first group that is tuned too little memory, so that another waits for it; its id. */
async function starve(workflow: string): Promise<string> {
  const jobs = await readJobs(workflow)
  const [hungry] = jobs
  if (hungry === undefined) throw new Error('the workflow has no jobs')
  const starved = jobs.map((job) => (job === hungry ? { ...job, mem_mb: tooFew } : job))
  await writeFile(join(workflow, 'groups.json'), JSON.stringify(starved))
  return hungry.id
}

/** Kills the node once it computes a group, other than that without memory; the group. */
async function killAtWork(
  cluster: Cluster,
  workflow: string,
  except: string,
  isOver: () => boolean
): Promise<string> {
  const jobs = await readJobs(workflow)
  while (!isOver()) {
    for (const { id } of jobs) {
      const attempts = id === except ? [] : await readAttempts(workflow, id)
      if (attempts.some(({ node, end }) => node === killedNode && end === null)) {
        await cluster.kill(killedNode)
        return id
      }
    }
    await delay(100)
  }
  throw new Error(`nothing was computed on ${killedNode}`)
}

/** Results by the time of their last change. */
async function results(workflow: string): Promise<Map<string, number>> {
  const folder = join(workflow, 'results')
  const files = await readdir(folder)
  const times = files.map(
    async (file) => [file.replace('.json', ''), (await stat(join(folder, file))).mtimeMs] as const
  )
  return new Map(await Promise.all(times))
}

const missed: string[] = []
function check(what: string, holds: boolean, found: string): void {
  process.stdout.write(`${holds ? 'held  ' : 'MISSED'} ${what}: ${found}\n`)
  if (!holds) missed.push(what)
}

/** The groups that were computed to their end more or less often than once. */
async function notOnce(workflow: string, ids: Iterable<string>): Promise<string[]> {
  const wrong: string[] = []
  for (const id of ids) {
    const finished = (await readAttempts(workflow, id)).filter(({ end }) => end?.kind === 'finished')
    if (finished.length !== 1) wrong.push(`${id}: ${finished.length}`)
  }
  return wrong
}

async function timed<T>(work: Promise<T>): Promise<readonly [T, number]> {
  const started = performance.now()
  return [await work, (performance.now() - started) / 1000]
}

async function everything(folder: string): Promise<void> {
  const experiment = join(folder, 'sample.yaml')
  await writeFile(experiment, sampleExperiment)
  const workflow = join(folder, 'workflow')
  const [alone, collected] = [join(folder, 'alone.anchorage'), join(folder, 'collected.anchorage')]
  const exporting = ['experiment', 'export', experiment, '--snakemake', workflow, '--threads', '1']
  const [, secondsAlone] = await timed(command(['experiment', 'run', experiment, '--project', alone]))
  await command(exporting)
  const jobs = await readJobs(workflow)
  const hungry = await starve(workflow)
  const waiting = jobs.filter(({ needs }) => needs.includes(hungry))
  const place = join(folder, 'slurm')
  await mkdir(place)
  const cluster = await startCluster(place, nodes, { cores: 1, megabytes: 4000 })
  try {
    let isOver = false
    const submitted = timed(submit(cluster, workflow)).finally(() => {
      isOver = true
    })
    const [interrupted, [first, secondsFirst]] = await Promise.all([
      killAtWork(cluster, workflow, hungry, () => isOver),
      submitted
    ])
    const before = await results(workflow)
    const left = [hungry, ...waiting.map(({ id }) => id)]
    const able = jobs.map(({ id }) => id).filter((id) => !left.includes(id))
    check(
      'everything that can finish does',
      first.code !== 0 && before.size === able.length && able.every((id) => before.has(id)),
      `${before.size} of ${jobs.length} groups, without the ${left.length} that can't; Snakemake ended with ${first.code}`
    )
    const { taken, missing, refused, unfinished } = await collect(workflow, collected)
    check(
      'collect takes what is there',
      taken === able.length && missing === left.length && refused.length === 0,
      `${taken} taken, ${missing} missing, ${refused.length} refused`
    )
    const starved = unfinished.find(({ group }) => group === hungry)
    check(
      'collect says what failed and why',
      (starved?.attempts ?? 0) > 0 && starved?.reason.includes('exceeded memory limit') === true,
      `${starved?.label}, ${starved?.attempts} attempts: ${starved?.reason}`
    )
    check(
      'and what waits for it',
      waiting.every(({ id }) =>
        unfinished.some(({ group, reason }) => group === id && reason.startsWith('waits for'))
      ),
      unfinished
        .filter(({ group }) => group !== hungry)
        .map(({ label, reason }) => `${label} ${reason}`)
        .join('; ')
    )
    const attempts = await readAttempts(workflow, interrupted)
    check(
      'the group of the killed node was begun again elsewhere',
      attempts.some(({ node, end }) => node === killedNode && end === null) &&
        attempts.some(({ node, end }) => node !== killedNode && end?.kind === 'finished'),
      attempts.map(({ node, end }) => `${node} ${end?.kind ?? 'killed'}`).join(', ')
    )
    // Exported again, the group has its memory.
    await command(exporting)
    const [second, secondsSecond] = await timed(submit(cluster, workflow))
    const after = await results(workflow)
    const anew = [...after].filter(([id, time]) => before.get(id) !== time).map(([id]) => id)
    check(
      'with the memory put right, what was left is computed and nothing else',
      second.code === 0 && after.size === jobs.length && anew.every((id) => left.includes(id)),
      `${anew.length} of ${jobs.length} groups; Snakemake ended with ${second.code}`
    )
    const wrong = await notOnce(workflow, after.keys())
    check(
      'nothing is computed twice',
      wrong.length === 0,
      wrong.join('; ') || `${after.size} groups once each`
    )
    const whole = await collect(workflow, collected)
    check(
      'all of it is collected',
      whole.missing === 0 && whole.done === whole.cells,
      `${whole.done} of ${whole.cells} cells`
    )
    const compared = await compareProjects(alone, collected)
    check(
      'every run is bit by bit that of one machine',
      compared.different.length === 0,
      `${compared.runs} runs, ${compared.different.length} of them different ${compared.different.slice(0, 5).join(', ')}`
    )
    if (missed.length > 0) process.stdout.write(`${first.said.slice(-6000)}\n${second.said.slice(-3000)}\n`)
    await writeFigures({
      groups: jobs.length,
      tunings: jobs.filter(({ kind }) => kind === 'tuning').length,
      runs: compared.runs,
      nodes: nodes.length,
      secondsAlone,
      secondsFirst,
      secondsSecond,
      attempts: await Promise.all(jobs.map(({ id }) => readAttempts(workflow, id))),
      reason: starved?.reason ?? ''
    })
  } finally {
    await cluster.stop()
  }
}

const lacking = await missingPrograms()
await run(snakemake, ['--help']).then(
  ({ stdout }) =>
    stdout.includes('--slurm-status-command') || lacking.push('snakemake-executor-plugin-slurm'),
  () => lacking.push(snakemake)
)
if (lacking.length > 0) process.stdout.write(`skipped: ${lacking.join(', ')} not found on this machine\n`)
else {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-slurm-'))
  await everything(folder).finally(() => rm(folder, { recursive: true, force: true }))
  process.exitCode = missed.length === 0 ? 0 : 1
}
