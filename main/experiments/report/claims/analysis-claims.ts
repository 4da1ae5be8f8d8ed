/** The paper's claims about its settings (Figures 2 to 4). */
import type { PaperPart } from '#main/experiments/spec/experiment-file.ts'
import { sectionsThatShow } from '../experiment-measurements.ts'
import { shortCorrelation } from '../figures/figure.ts'
import { meanCorrelation, searchCurves } from '../figures/search-curves.ts'
import { type SettingAverage, settingAverages } from '../figures/varied-setting.ts'
import { describeAverage, type Evidence, percent, points, type Verdict } from './evidence.ts'

/** Spearman's ρ along the search is surely positive, and above one half on average. */
export function matchingLeadsToAccuracy({ experiment }: Evidence): Verdict | null {
  const curves = sectionsThatShow(experiment, 'figure-2').flatMap((one) =>
    searchCurves(one, experiment.source.results)
  )
  const correlation = meanCorrelation(curves)
  if (correlation === null) return null
  const { rho, low, high } = correlation
  const positive = curves.filter((curve) => curve.correlation > 0).length
  return {
    holds: low > 0 && rho > 0.5,
    figures: `ρ = ${shortCorrelation(rho)} on average (95 % interval over curves ${shortCorrelation(low)} to ${shortCorrelation(high)}), positive in ${positive} of ${curves.length}`
  }
}

/** The averages of the first method in a section that shows a part, across models or within one. */
function averagesOf(
  { experiment }: Evidence,
  part: PaperPart,
  place: SettingAverage['place']
): SettingAverage[] {
  const averages = sectionsThatShow(experiment, part)
    .flatMap(settingAverages)
    .filter((one) => one.place === place)
  return averages.filter(({ method }) => method === averages[0]?.method)
}

/** Eq. 6 helps across models, and costs less than five points within one. */
export function normalisationHelps(evidence: Evidence): Verdict | null {
  const find = (place: SettingAverage['place']) => {
    const averages = averagesOf(evidence, 'figure-3', place)
    const without = averages.find(({ value }) => value === 'no rescale')
    const scaled = averages.find(({ value }) => value !== 'no rescale')
    return without === undefined || scaled === undefined
      ? null
      : { without: without.average.spread.mean, scaled: scaled.average.spread.mean }
  }
  const [across, within] = [find('across models'), find('within a model')]
  if (across === null) return null
  const cost = within === null ? 0 : within.without - within.scaled
  const inside =
    within === null ? '' : `; within a model ${percent(within.without)} → ${percent(within.scaled)}`
  return {
    holds: across.scaled > across.without && cost < 0.05,
    figures: `across models ${percent(across.without)} → ${percent(across.scaled)}${inside}`
  }
}

function describeAverages(averages: readonly SettingAverage[]): string {
  return averages.map(({ value, average }) => `${value}: ${describeAverage(average)}`).join(', ')
}

/** The first number of anchors, or of those that the mask keeps, is the fewest and the worst. */
export function anchorsHelp(evidence: Evidence): Verdict | null {
  const averages = averagesOf(evidence, 'figure-4a', 'across models')
  const [fewest, ...more] = averages
  if (fewest === undefined || more.length === 0) return null
  return {
    holds: more.every(({ average }) => average.spread.mean > fewest.average.spread.mean),
    figures: describeAverages(averages)
  }
}

/** Longer prompts transfer better up to five vectors. */
export function lengthHelpsToFive(evidence: Evidence): Verdict | null {
  const averages = averagesOf(evidence, 'figure-4b', 'across models')
  const five = averages.find(({ value }) => value === 'm = 5')
  const [shortest] = averages
  if (five === undefined || shortest === undefined || five === shortest) return null
  const gain = five.average.spread.mean - shortest.average.spread.mean
  return {
    holds: averages.every(({ average }) => average.spread.mean <= five.average.spread.mean),
    figures: `${describeAverages(averages)}; five over the shortest ${points(gain)}`
  }
}
