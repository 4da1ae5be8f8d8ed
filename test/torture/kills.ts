/** Kills (-9) of command line and engine in the middle of a grid: nothing that was finished is lost, or there twice. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { seededIndices } from '#engine/common/random/seeded-random.ts'
import { commands, gridRelations, gridSeeds, type KeptRun, keptRuns } from './commands.ts'
import { noteEnd, noteLoss, type Outcome, outcome, type Part } from './outcome.ts'
import { childrenOf, isAlive, killAtOnce, startCommand } from './processes.ts'

const secondsForAll = 600
const killsPerGrid = 6
/** How long an engine may outlive who started it. */
const secondsToFollow = 10

async function runsOf(project: string): Promise<KeptRun[] | string> {
  const ended = await startCommand(commands.info(project), 60).whenEnded
  if (ended === null || ended.code !== 0) return `project info: ${ended?.err ?? 'no end in 60 s'}`
  return keptRuns(JSON.parse(ended.out))
}

/** What is wrong with the runs after a kill, held against those before it. */
function lossOf(before: readonly KeptRun[], after: readonly KeptRun[]): string | undefined {
  const now = new Map(after.map((run) => [run.id, run.hash]))
  const gone = before.find(({ id, hash }) => now.get(id) !== hash)
  if (gone !== undefined) return `${gone.name} was finished and is gone or another`
  return now.size === after.length ? undefined : 'a run is there twice'
}

type Kill = {
  readonly project: string
  readonly given: readonly string[]
  readonly afterMilliseconds: number
  readonly isOfEngine: boolean
}

/** Kills a command, or first its engine, in the middle of its work; whether an engine was left behind. */
async function killInTheMiddle({ given, afterMilliseconds, isOfEngine }: Kill): Promise<boolean> {
  const { child, whenEnded } = startCommand(given, secondsForAll)
  await Promise.race([whenEnded, delay(afterMilliseconds)])
  const engines = await childrenOf(child.pid)
  if (isOfEngine) {
    for (const engine of engines) killAtOnce(engine)
    // The command goes on with a new engine: it is killed a moment later.
    await delay(2000)
    engines.push(...(await childrenOf(child.pid)))
  }
  child.kill('SIGKILL')
  await whenEnded
  await delay(secondsToFollow * 1000)
  const left = engines.filter(isAlive)
  for (const id of left) killAtOnce(id)
  return left.length > 0
}

/** One kill, held against the runs that were there before; the runs after it. */
async function killOnce(
  result: Outcome,
  kill: Kill,
  before: readonly KeptRun[],
  again: string
): Promise<readonly KeptRun[]> {
  const isLeft = await killInTheMiddle(kill)
  if (isLeft) {
    noteLoss(result, `${again}: an engine is left behind`, 0)
    return before
  }
  const after = await runsOf(kill.project)
  if (typeof after === 'string') {
    // Before anything was finished, the project need not be there.
    if (before.length === 0) noteEnd(result, 'killed before the project was made', 0)
    else noteLoss(result, `${again}: ${after}`, 0)
    return before
  }
  const loss = lossOf(before, after)
  if (loss === undefined) noteEnd(result, 'kept', 0)
  else noteLoss(result, `${again}: ${loss}`, 0)
  return after
}

/** Resumes a grid that was killed, to its end: each run is there, once, and those from before are as they were. */
async function finishGrid(
  result: Outcome,
  project: string,
  before: readonly KeptRun[],
  again: string
): Promise<void> {
  const first = await startCommand(commands.resume(project), secondsForAll).whenEnded
  // A search that three kills met is set aside as one that ends programs, until it is asked for again.
  const ended =
    first?.code === 1 ? await startCommand(commands.resume(project), secondsForAll).whenEnded : first
  const milliseconds = ended?.milliseconds ?? secondsForAll * 1000
  if (ended?.code !== 0) {
    noteLoss(
      result,
      `${again}: resumed with ${ended?.code ?? 'no end'}: ${ended?.err.slice(-300)}`,
      milliseconds
    )
    return
  }
  const after = await runsOf(project)
  const all = gridRelations * gridSeeds.length
  if (typeof after === 'string') noteLoss(result, `${again}: ${after}`, milliseconds)
  else if (after.length !== all) noteLoss(result, `${again}: ${after.length} of ${all} runs`, milliseconds)
  else {
    const loss = lossOf(before, after)
    if (loss === undefined) noteEnd(result, 'whole', milliseconds)
    else noteLoss(result, `${again}: ${loss}`, milliseconds)
  }
}

export const tortureWithKills: Part = async ({ seed, until, folder }) => {
  const [line, engine] = [outcome('kills of the command line'), outcome('kills of the engine')]
  const grids = outcome('grids after their kills')
  const pick = seededIndices(seed)
  for (let grid = 0; performance.now() < until; grid++) {
    const project = join(folder, `${grid}.anchorage`)
    let before: readonly KeptRun[] = []
    for (let kill = 0; kill < killsPerGrid && performance.now() < until; kill++) {
      const given =
        before.length === 0 ? commands.grid(project, join(folder, `out-${grid}`)) : commands.resume(project)
      const isOfEngine = pick(2) === 0
      const settings = { project, given, afterMilliseconds: 4000 + pick(9000), isOfEngine }
      before = await killOnce(isOfEngine ? engine : line, settings, before, `grid ${grid}, kill ${kill}`)
    }
    if (before.length > 0) await finishGrid(grids, project, before, `grid ${grid}`)
  }
  return [line, engine, grids]
}
