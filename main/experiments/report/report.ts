/** A report before it is written: the tables, figures and claims of a study, and what it was made from. */
import { setImmediate } from 'node:timers/promises'
import type { StudyResults } from '#main/experiments/execute/results.ts'
import { type Claim, checkClaims } from './claims/claims.ts'
import { matchingFigure, methodsFigure } from './figures/comparison-figures.ts'
import type { ReportFigure } from './figures/figure.ts'
import { searchFigure } from './figures/search-curves.ts'
import { settingFigure } from './figures/varied-setting.ts'
import { type ReportManifest, reportManifest } from './manifest.ts'
import { placeExamples } from './measure.ts'
import { pivotTable } from './pivot-table.ts'
import type { ReportTable } from './report-table.ts'
import { type MeasuredExperiment, type MeasuredStudy, measureStudy } from './study-measurements.ts'
import { experimentTitle } from './titles.ts'
import { variedSettings } from './varied-settings.ts'

/** One per experiment. */
export type ReportSection = {
  readonly id: string
  readonly title: string
  /** Whether it is about its figures, and its tables are what these are made of. */
  readonly isFigure: boolean
  readonly tables: readonly ReportTable[]
  readonly figures: readonly ReportFigure[]
}

export type Report = {
  readonly title: string
  readonly sections: readonly ReportSection[]
  readonly claims: readonly Claim[]
  readonly manifest: ReportManifest
}

/** The figures of an experiment in the metric of its study. */
function figuresOf(study: MeasuredStudy, measured: MeasuredExperiment): ReportFigure[] {
  const figures =
    variedSettings(measured).length > 0
      ? [settingFigure(study, measured)]
      : [methodsFigure(study, measured), matchingFigure(study, measured)]
  const search = study.metric === 'accuracy' ? searchFigure(measured, study.source.results) : null
  return [search, ...figures].filter((figure) => figure !== null)
}

/** The sections of a study in one metric; other work of the process goes on between them. */
async function sectionsOf(study: MeasuredStudy): Promise<ReportSection[]> {
  const sections: ReportSection[] = []
  for (const measured of study.experiments) {
    await setImmediate()
    const { experiment } = measured
    const figures = figuresOf(study, measured)
    const varies = variedSettings(measured).length > 0 || experiment.shows === 'figure-2'
    sections.push({
      id: experiment.name,
      title: experimentTitle(experiment),
      isFigure: varies && figures.length > 0,
      tables: [await pivotTable(study, measured)],
      figures
    })
  }
  return sections
}

/** Sections of the same experiments in several metrics, as one per experiment. */
function joinSections(byMetric: readonly (readonly ReportSection[])[]): ReportSection[] {
  return (byMetric[0] ?? []).map((first, place) => ({
    ...first,
    tables: byMetric.flatMap((sections) => sections[place]?.tables ?? []),
    figures: byMetric.flatMap((sections) => sections[place]?.figures ?? [])
  }))
}

/** Makes the report of a study, as far as it was run. */
export async function composeReport(source: StudyResults): Promise<Report> {
  const places = placeExamples(source)
  const accuracy = await measureStudy(source, 'accuracy', places)
  const byMetric: ReportSection[][] = []
  for (const metric of source.study.metrics) {
    const study = metric === 'accuracy' ? accuracy : await measureStudy(source, metric, places)
    byMetric.push(await sectionsOf(study))
  }
  return {
    title: source.study.name,
    sections: joinSections(byMetric),
    claims: checkClaims(accuracy),
    manifest: reportManifest(source)
  }
}
