/** The paper's claims, each held against the figures of the study: yes or no, and why. */
import { mean } from 'simple-statistics'
import { rankCorrelation } from '#engine/common/statistics/rank-correlation.ts'
import { sourceSets, study, studyModels, variedSources } from './study-plan.ts'
import type { StudyResult } from './study-results.ts'

export type Claim = { readonly claim: string; readonly holds: boolean; readonly figures: string }

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const points = (difference: number): string => `${(100 * difference).toFixed(1)} points`

/** Looks figures up by target and method. */
function lookUp(results: readonly StudyResult[]) {
  const byName = new Map(results.map((result) => [`${result.target}: ${result.method}`, result]))
  const find = (target: string, method: string): StudyResult => {
    const found = byName.get(`${target}: ${method}`)
    if (found === undefined) throw new RangeError(`the study has no ${method} on ${target}`)
    return found
  }
  const carried = (target: string, sources: readonly string[], variant: string) =>
    find(target, `${sources.join(' + ')} | ${variant}`)
  return { find, carried }
}

/** Pairs of different models. */
const crossPairs = studyModels.flatMap((source) =>
  studyModels.filter((target) => target !== source).map((target) => ({ source, target }))
)
/** Pairs of a small source and another target: what is varied is measured on these. */
const variedPairs = crossPairs.filter(({ source }) => variedSources.includes(source))

/** All claims, from the results of a whole study. */
export function checkClaims(results: readonly StudyResult[]): Claim[] {
  const { find, carried } = lookUp(results)
  const average = (pairs: typeof crossPairs, variant: string) =>
    mean(pairs.map(({ source, target }) => carried(target, [source], variant).accuracy))
  const claims: Claim[] = []

  const random = mean(studyModels.map((target) => find(target, 'random').accuracy))
  const single = average(crossPairs, 'usual')
  claims.push({
    claim: 'Carried prompts beat random ones by far (twice, on average over all pairs of different models).',
    holds: single >= 2 * random,
    figures: `single source ${percent(single)}, random ${percent(random)}`
  })

  const best = studyModels.map((target) => {
    const others = studyModels.filter((source) => source !== target)
    const accuracy = Math.max(...others.map((source) => carried(target, [source], 'usual').accuracy))
    return { target, accuracy, manual: find(target, 'manual').accuracy }
  })
  claims.push({
    claim:
      'The best single source comes within ten points of the manual template, or beats it, on most targets.',
    holds: best.filter(({ accuracy, manual }) => accuracy >= manual - 0.1).length > best.length / 2,
    figures: best
      .map(({ target, accuracy, manual }) => `${target} ${percent(accuracy)} / ${percent(manual)}`)
      .join(', ')
  })

  const gains = sourceSets.flatMap((set) =>
    studyModels
      .filter((target) => !set.includes(target))
      .map((target) => {
        const together = carried(target, set, 'usual').accuracy
        const alone = set.map((source) => carried(target, [source], 'usual').accuracy)
        return { overMean: together - mean(alone), overBest: together - Math.max(...alone) }
      })
  )
  claims.push({
    claim: 'A further source helps on average (over the mean of its sources alone).',
    holds: mean(gains.map(({ overMean }) => overMean)) > 0,
    figures: `${points(mean(gains.map(({ overMean }) => overMean)))} over the mean, ${points(mean(gains.map(({ overBest }) => overBest)))} over the best of its sources`
  })

  const unscaled = average(crossPairs, 'no rescale')
  const own = mean(studyModels.map((model) => carried(model, [model], 'usual').accuracy))
  const ownUnscaled = mean(studyModels.map((model) => carried(model, [model], 'no rescale').accuracy))
  claims.push({
    claim: 'Rescaling (Eq. 6) helps across models and costs little within one.',
    holds: single > unscaled && ownUnscaled - own < 0.05,
    figures: `across ${percent(unscaled)} → ${percent(single)}, within ${percent(ownUnscaled)} → ${percent(own)}`
  })

  const counts = study.anchorCounts.filter((count) =>
    results.some(({ method }) => method.endsWith(`| anchors ${count}`))
  )
  const byCount = [
    ...counts.map((count) => ({ count: `${count}`, accuracy: average(variedPairs, `anchors ${count}`) })),
    { count: 'all', accuracy: average(variedPairs, 'anchors all') }
  ]
  claims.push({
    claim: 'More anchors help up to a point.',
    holds: Math.max(...byCount.slice(1).map(({ accuracy }) => accuracy)) > byCount[0].accuracy,
    figures: `${byCount.map(({ count, accuracy }) => `${count}: ${percent(accuracy)}`).join(', ')} (${study.variedRelations} relations)`
  })

  const correlations = variedPairs.map(({ source, target }) =>
    rankCorrelation(
      study.adamSteps.map((steps) => {
        const { matching, accuracy } = carried(target, [source], `adam ${steps}`)
        return [matching ?? 0, accuracy]
      })
    )
  )
  const across = rankCorrelation(
    crossPairs.map(({ source, target }) => {
      const { matching, accuracy } = carried(target, [source], 'usual')
      return [matching ?? 0, accuracy]
    })
  )
  claims.push({
    claim: 'Matching and accuracy rise together between pairs of models (Spearman above 0.3).',
    holds: across > 0.3,
    figures: `ρ = ${across.toFixed(2)} over ${crossPairs.length} pairs`
  })
  claims.push({
    claim:
      'Matching and accuracy rise together along the search (Spearman within a pair above 0.5 on average).',
    holds: mean(correlations) > 0.5,
    figures: `ρ = ${mean(correlations).toFixed(2)} on average over ${correlations.length} pairs after ${study.adamSteps.join(', ')} steps of Adam (${study.adamRelations} relations)`
  })

  const adam = average(variedPairs, `adam ${study.adamSteps.at(-1)}`)
  const exact = average(variedPairs, 'exact, where adam was run')
  const optimum = average(variedPairs, 'ridge 0, where adam was run')
  claims.push({
    claim: "The exact search is as good as the paper's in accuracy (within one point, or better).",
    holds: exact >= adam - 0.01,
    figures: `λ = ${study.ridge} ${percent(exact)}, λ = 0 ${percent(optimum)}, Adam ${percent(adam)} (${study.adamRelations} relations)`
  })
  return claims
}

export type VariedAverage = {
  readonly variant: string
  readonly accuracy: number
  /** Facts that a target was asked, which differ with the relations that a setting was varied on. */
  readonly facts: number
}

/** Accuracy over the varied pairs by a setting that was varied; what was measured on everything has its own table. */
export function variedAverages(results: readonly StudyResult[]): VariedAverage[] {
  const { carried } = lookUp(results)
  const variants = new Set(results.map(({ method }) => method.split(' | ')[1]))
  return [...variants].flatMap((variant) => {
    if (variant === undefined || variant === 'usual' || variant === 'no rescale') return []
    const figures = variedPairs.map(({ source, target }) => carried(target, [source], variant))
    return [{ variant, accuracy: mean(figures.map(({ accuracy }) => accuracy)), facts: figures[0].facts }]
  })
}
