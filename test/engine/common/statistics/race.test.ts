import { describe, expect, it } from 'vitest'
import { seededUniform } from '#engine/common/random/seeded-random.ts'
import { type RaceResult, type RaceSettings, race } from '#engine/common/statistics/race.ts'

type World = {
  readonly scores: readonly Float64Array[]
  readonly strata: readonly string[]
  readonly labels: readonly string[]
}

/** Arms that are right with given chances, which differ by stratum, and agree with each other half of the time. */
function makeWorld(chances: readonly number[], examples: number, seed: number): World {
  const uniform = seededUniform(seed)
  const strata = Array.from({ length: examples }, (_, at) => `P${at % 7}`)
  const common = strata.map(() => uniform())
  const scores = chances.map((chance) =>
    Float64Array.from(strata, (stratum, at) => {
      const moved = Math.min(1, Math.max(0, chance + 0.1 * Math.cos(Number(stratum.slice(1)))))
      return (uniform() < 0.5 ? (common[at] ?? 0) : uniform()) < moved ? 1 : 0
    })
  )
  return { scores, strata, labels: strata.map((_, at) => `${at % 3}`) }
}

function replay(
  { scores, strata, labels }: World,
  settings: Omit<RaceSettings, 'arms' | 'strata' | 'labels'>
) {
  const running = race({ ...settings, strata, labels, arms: scores.length })
  const blocks: { arms: readonly number[]; examples: readonly number[] }[] = []
  let step = running.next()
  while (!step.done) {
    const { arms, examples } = step.value
    blocks.push({ arms, examples })
    step = running.next(arms.map((arm) => examples.map((example) => scores[arm][example])))
  }
  return { result: step.value, blocks }
}

function meansOf({ scores }: World): number[] {
  return scores.map((all) => all.reduce((sum, score) => sum + score, 0) / all.length)
}

/** Whether anything that a race says is wrong. */
function isWrong({ chosen, shortfall, arms }: RaceResult, world: World): boolean {
  const means = meansOf(world)
  const highest = Math.max(...means)
  const lost = arms.some(({ ending }, arm) => ending === 'worse' && means[arm] === highest)
  return lost || highest - means[chosen] > shortfall + 1e-9
}

const usual = { confidence: 0.95, tolerance: 0.01, budget: null, seed: 1 }

describe('a race', () => {
  it('asked everything, names the best and knows it', () => {
    const world = makeWorld([0.5, 0.52, 0.55, 0.51], 60, 3)
    const { result } = replay(world, { ...usual, tolerance: 0 })
    const means = meansOf(world)
    expect(means[result.chosen]).toBe(Math.max(...means))
    expect(result.shortfall).toBeLessThan(1e-4)
    expect(result.arms[result.chosen].accuracy).toBeCloseTo(means[result.chosen], 12)
  })

  it('asks all arms that are left the same examples, each once, and no more than it may', () => {
    const world = makeWorld([0.3, 0.4, 0.5, 0.6, 0.61, 0.62, 0.4, 0.2], 700, 4)
    const { result, blocks } = replay(world, { ...usual, budget: 0.15 })
    const examples = blocks.flatMap((block) => block.examples)
    expect(new Set(examples).size).toBe(examples.length)
    const answers = blocks.reduce((sum, block) => sum + block.arms.length * block.examples.length, 0)
    expect(result.answers).toBe(answers)
    expect(answers).toBeLessThanOrEqual(0.15 * 8 * 700)
    for (const [at, { arms }] of blocks.slice(1).entries())
      expect(arms.every((arm) => blocks[at].arms.includes(arm))).toBe(true)
    expect(result.arms.map(({ asked }) => asked)[result.chosen]).toBe(examples.length)
  })

  it('asks more of a stratum in which the arms differ more', () => {
    const uniform = seededUniform(5)
    const world = makeWorld(new Array<number>(6).fill(0.5), 700, 5)
    // Stratum 0: no difference; in the others each arm is right in one of two, whatever the rest says.
    const scores = world.scores.map((all) => all.map((_, at) => (at % 7 === 0 || uniform() < 0.5 ? 1 : 0)))
    const { blocks } = replay({ ...world, scores }, { ...usual, budget: 0.3 })
    const counts = new Array<number>(7).fill(0)
    for (const example of blocks.flatMap((block) => block.examples)) counts[example % 7]++
    expect(counts[0]).toBeGreaterThan(0)
    const others = counts.slice(1).reduce((sum, count) => sum + count, 0) / 6
    expect(counts[0]).toBeLessThan(0.5 * others)
  })

  it('is the same for the same seed', () => {
    const world = makeWorld([0.5, 0.55, 0.6], 300, 6)
    const once = replay(world, { ...usual, budget: 0.3 })
    expect(replay(world, { ...usual, budget: 0.3 })).toEqual(once)
    expect(replay(world, { ...usual, budget: 0.3, seed: 2 }).blocks).not.toEqual(once.blocks)
  })

  it('is soon over where one arm is far ahead', () => {
    const { result } = replay(makeWorld([0.2, 0.3, 0.9, 0.25], 1000, 7), usual)
    expect(result.chosen).toBe(2)
    expect(result.answers).toBeLessThan(0.15 * 4000)
    expect(result.arms.map(({ ending }) => ending)).toEqual(['worse', 'worse', 'chosen', 'worse'])
    expect(result.shortfall).toBe(0)
  })

  it.each([
    { name: 'one far from the others', chances: [0.3, 0.5, 0.52, 0.7], budget: null },
    { name: 'all alike', chances: [0.5, 0.5, 0.5, 0.5, 0.5], budget: null },
    { name: 'a limited budget', chances: [0.45, 0.5, 0.5, 0.52, 0.4, 0.54], budget: 0.3 }
  ])('is wrong no more often than it says: $name', ({ chances, budget }) => {
    // At a confidence of 80 %, 200 repetitions: 40 wrong ones are allowed; nothing is approximate, so no more.
    const wrong = Array.from({ length: 200 }, (_, seed) => {
      const world = makeWorld(chances, 150, 100 + seed)
      return isWrong(replay(world, { confidence: 0.8, tolerance: 0.02, budget, seed }).result, world)
    }).filter(Boolean)
    expect(wrong.length).toBeLessThanOrEqual(40)
  })
})
