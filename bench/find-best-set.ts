/**
 * `tsx bench/find-best-set.ts PROJECT` repeats the search for the best set of sources on answers that a project holds of
 * all of them (`bench/find-best-set.yaml` makes one), and prints how often it names a set within a point of the best, for
 * how many of the answers, beside what rules would have chosen that ask nothing. The table of docs/best-set.md.
 */
import { race } from '#engine/common/statistics/race.ts'
import type { StrataOfExamples } from '#engine/common/statistics/stratified-draw.ts'
import { zeroShotChoices } from '#engine/common/statistics/zero-shot-choices.ts'
import { openStoreToRead } from '#store/project-store.ts'

const repetitions = 100
/** The rule was chosen by what it did with others. */
const firstSeed = 5000
/** Of the search that goes on until it is sure. */
const sureRepetitions = 10
const settings = { confidence: 0.95, tolerance: 0.01, budget: 0.15 }

/** A set of sources with weights, on one target. */
type Arm = {
  readonly name: string
  readonly models: readonly string[]
  readonly sources: readonly { readonly weight: number }[]
  readonly isEqual: boolean
  /** `[N]` */
  readonly scores: readonly number[]
  readonly mean: number
  /** Mean over relations: within a set how far its sources agree. */
  readonly agreement: number
}

type Grid = StrataOfExamples & { readonly target: string; readonly arms: readonly Arm[] }

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

async function readGrids(path: string): Promise<Grid[]> {
  const store = await openStoreToRead(path)
  const grids = new Map<
    string,
    Map<string, { arm: Omit<Arm, 'scores' | 'mean' | 'agreement'>; runs: Run[] }>
  >()
  type Run = { relation: string; matching: number; scores: number[]; labels: string[] }
  const runs = await store.read.runs.overview()
  for (const { id, matching, manifest } of runs) {
    const predictions = await store.read.runs.predictions(id)
    if (predictions === null || predictions === undefined || manifest.method.kind !== 'exact') continue
    const { sources, target, relation } = manifest
    const weights = sources
      .map(({ model, weight }) => ({ model: model.name, weight }))
      .sort((a, b) => a.model.localeCompare(b.model))
    const isEqual = new Set(weights.map(({ weight }) => weight)).size === 1
    const name = weights.map(({ model, weight }) => (isEqual ? model : `${weight} ${model}`)).join(' + ')
    const grid = grids.get(target.name) ?? new Map()
    grids.set(target.name, grid)
    const known = grid.get(name) ?? {
      arm: { name, models: weights.map(({ model }) => model), sources: weights, isEqual },
      runs: []
    }
    grid.set(name, known)
    const scores = predictions.map(({ rank }) => (rank === 1 ? 1 : 0))
    const labels = predictions.map(({ label }) => label)
    known.runs.push({ relation: relation ?? '', matching: matching ?? 0, scores, labels })
  }
  await store.close()
  return [...grids].map(([target, byName]) => {
    const arms = [...byName.values()].map(({ arm, runs }) => {
      const sorted = runs.toSorted((a, b) => a.relation.localeCompare(b.relation))
      const scores = sorted.flatMap((run) => run.scores)
      const strata = sorted.flatMap((run) => run.scores.map(() => run.relation))
      return {
        ...arm,
        scores,
        strata,
        labels: sorted.flatMap((run) => run.labels),
        mean: mean(scores),
        agreement: mean(runs.map(({ matching }) => matching))
      }
    })
    return { target, arms, strata: arms[0]?.strata ?? [], labels: arms[0]?.labels ?? [] }
  })
}

function replay({ arms, strata, labels }: Grid, seed: number, budget: number | null) {
  const running = race({ ...settings, budget, arms: arms.length, strata, labels, seed })
  let step = running.next()
  while (!step.done) {
    const { arms: asked, examples } = step.value
    step = running.next(asked.map((arm) => examples.map((example) => arms[arm].scores[example])))
  }
  return step.value
}

function bestOf(arms: readonly Arm[]): Arm {
  return arms.toSorted((a, b) => b.mean - a.mean)[0]
}

const points = (value: number): string => (100 * value).toFixed(1)

function rowOf(what: string, grid: Grid): string {
  const best = bestOf(grid.arms)
  const results = Array.from({ length: repetitions }, (_, at) =>
    replay(grid, firstSeed + at, settings.budget)
  )
  const sure = Array.from({ length: sureRepetitions }, (_, at) => replay(grid, firstSeed + at, null))
  const below = results.map(({ chosen }) => best.mean - grid.arms[chosen].mean)
  const within = below.filter((points) => points <= settings.tolerance + 1e-9).length
  const told = results.filter(({ shortfall }, at) => below[at] <= shortfall + 1e-9).length
  const all = grid.arms.length * grid.strata.length
  const rules = zeroShotChoices(grid.arms)
  return [
    grid.target,
    what,
    `${grid.arms.length}`,
    `${grid.strata.length}`,
    `${points(best.mean)} (${best.name})`,
    `${within}`,
    points(mean(results.map(({ answers }) => answers / all))),
    points(Math.max(...results.map(({ answers }) => answers / all))),
    points(mean(below)),
    points(mean(results.map(({ shortfall }) => shortfall))),
    `${told}`,
    points(mean(sure.map(({ answers }) => answers / all))),
    ...[rules.all, rules.agreeing].map((place) => points(best.mean - grid.arms[place ?? 0].mean))
  ].join(' | ')
}

/** What of a grid is raced over: sets of some of its sources with equal weights, or all weights of three. */
function parts({ target, arms, strata, labels }: Grid): [string, Grid][] {
  const equal = arms.filter(({ isEqual }) => isEqual)
  const models = [...new Set(arms.flatMap((arm) => arm.models))]
  const four = models.filter((model) => !['albert', 'gpt2'].includes(model))
  const others = models.filter((model) => model !== target)
  const within = (list: readonly Arm[], some: readonly string[]): Grid => ({
    target,
    strata,
    labels,
    arms: list.filter((arm) => arm.models.every((model) => some.includes(model)))
  })
  const weighted = [...new Set(arms.filter(({ isEqual }) => !isEqual).flatMap((arm) => arm.models))]
  return [
    ['4 sources', within(equal, four)],
    ['5 sources, without the target', within(equal, others)],
    ['6 sources, with the target', within(equal, models)],
    ...(weighted.length > 0
      ? [['weights of 3 sources', within(arms, weighted)] satisfies [string, Grid]]
      : [])
  ]
}

const [path] = process.argv.slice(2)
if (path === undefined) {
  process.stderr.write('usage: tsx bench/find-best-set.ts PROJECT\n')
  process.exitCode = 2
} else {
  const columns =
    'target | from | sets | N | best, in % | within 1 point, of 100 | answers, in % | at most | points below the best | stated | true of 100 | answers until sure | all, equal weights: points below | most agreeing: points below'
  process.stdout.write(`${columns}\n`)
  for (const grid of await readGrids(path))
    for (const [what, part] of parts(grid)) process.stdout.write(`${rowOf(what, part)}\n`)
}
