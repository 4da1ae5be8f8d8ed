/** The transfers that the study measures on every target: pairs, source sets, and one setting varied at a time. */
import type { Anchor } from '#engine/common/contract/anchors.ts'
import type { SolverSettings } from '#engine/common/contract/transfer.ts'
import type { CarrySettings } from './carry.ts'
import { sourceSets, study, studyModels, variedSources } from './study-plan.ts'

export type StudyCase = {
  readonly sources: readonly string[]
  /** What differs from the usual settings, or `usual`. */
  readonly variant: string
  readonly settings: CarrySettings
  readonly promptLength: number
}

const exact = (ridge: number): SolverSettings => ({ kind: 'exact', ridge })

function usualSettings(anchors: readonly Anchor[]): CarrySettings {
  return { anchors, mask: { kind: 'all' }, solver: exact(study.ridge), rescale: 'after' }
}

/** The variants of the usual settings, by name. */
function variedSettings(anchors: readonly Anchor[]): [string, CarrySettings][] {
  const usual = usualSettings(anchors)
  const half = Math.floor(anchors.length / 2)
  return [
    ...study.ridges.map((ridge): [string, CarrySettings] => [
      `ridge ${ridge}`,
      { ...usual, solver: exact(ridge) }
    ]),
    ['anchors all', usual],
    ...study.anchorCounts
      .filter((count) => count < anchors.length)
      .map((count): [string, CarrySettings] => [
        `anchors ${count}`,
        { ...usual, anchors: anchors.slice(0, count) }
      ]),
    ['mask of half', { ...usual, mask: { kind: 'top-k', k: half, from: 'sum' } }]
  ]
}

/** The paper's search, stopped after `steps`. */
function adamSettings(anchors: readonly Anchor[], seed: number, steps: number): CarrySettings {
  const solver: SolverSettings = { kind: 'adam', steps, learningRate: 5e-3, seed, selection: 'last' }
  return { ...usualSettings(anchors), solver }
}

/**
 * The cases of one relation and seed.
 * @param relationIndex the first relations have single settings varied too, and the first few of them Adam's search
 */
export function studyCases(anchors: readonly Anchor[], relationIndex: number, seed: number): StudyCase[] {
  const usual = usualSettings(anchors)
  const { promptLength } = study
  const single = (
    source: string,
    variant: string,
    settings: CarrySettings,
    length: number = promptLength
  ) => ({
    sources: [source],
    variant,
    settings,
    promptLength: length
  })
  const cases: StudyCase[] = [
    ...studyModels.map((source) => single(source, 'usual', usual)),
    ...studyModels.map((source) => single(source, 'no rescale', { ...usual, rescale: 'none' })),
    ...sourceSets.map((sources) => ({ sources, variant: 'usual', settings: usual, promptLength }))
  ]
  if (seed !== study.seeds[0] || relationIndex >= study.variedRelations) return cases
  for (const source of variedSources) {
    cases.push(...variedSettings(anchors).map(([variant, settings]) => single(source, variant, settings)))
    cases.push(...study.promptLengths.map((length) => single(source, `length ${length}`, usual, length)))
    if (relationIndex >= study.adamRelations) continue
    cases.push(
      ...study.adamSteps.map((steps) => single(source, `adam ${steps}`, adamSettings(anchors, seed, steps))),
      single(source, 'exact, where adam was run', usual),
      single(source, 'ridge 0, where adam was run', { ...usual, solver: exact(0) })
    )
  }
  return cases
}
