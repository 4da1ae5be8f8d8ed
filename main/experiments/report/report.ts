/** A report before it is written: the tables, figures and claims of an experiment, and what it was made from. */
import { setImmediate } from 'node:timers/promises'
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import { type Claim, checkClaims } from './claims/claims.ts'
import { variedSettings } from './conditions.ts'
import {
  type MeasuredExperiment,
  type MeasuredSection,
  measureExperiment
} from './experiment-measurements.ts'
import { matchingFigure, methodsFigure } from './figures/comparison-figures.ts'
import type { ReportFigure } from './figures/figure.ts'
import { searchFigure } from './figures/search-curves.ts'
import { settingFigure } from './figures/varied-setting.ts'
import { type ReportManifest, reportManifest } from './manifest.ts'
import { placeExamples } from './measure.ts'
import { pivotTable } from './pivot-table.ts'
import type { ReportTable } from './report-table.ts'
import { sectionTitle } from './titles.ts'

/** One per section. */
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

/** The figures of a section in the metric of its experiment. */
function figuresOf(experiment: MeasuredExperiment, measured: MeasuredSection): ReportFigure[] {
  const figures =
    variedSettings(measured).length > 0
      ? [settingFigure(experiment, measured)]
      : [methodsFigure(experiment, measured), matchingFigure(experiment, measured)]
  const search = experiment.metric === 'accuracy' ? searchFigure(measured, experiment.source.results) : null
  return [search, ...figures].filter((figure) => figure !== null)
}

/** The sections of an experiment in one metric; other work of the process goes on between them. */
async function sectionsOf(experiment: MeasuredExperiment): Promise<ReportSection[]> {
  const sections: ReportSection[] = []
  for (const measured of experiment.sections) {
    await setImmediate()
    const { section } = measured
    const figures = figuresOf(experiment, measured)
    const varies = variedSettings(measured).length > 0 || section.shows === 'figure-2'
    sections.push({
      id: section.name,
      title: sectionTitle(section),
      isFigure: varies && figures.length > 0,
      tables: [await pivotTable(experiment, measured)],
      figures
    })
  }
  return sections
}

/** Sections of the same sections in several metrics, as one per section. */
function joinSections(byMetric: readonly (readonly ReportSection[])[]): ReportSection[] {
  return (byMetric[0] ?? []).map((first, place) => ({
    ...first,
    tables: byMetric.flatMap((sections) => sections[place]?.tables ?? []),
    figures: byMetric.flatMap((sections) => sections[place]?.figures ?? [])
  }))
}

/** Makes the report of an experiment, as far as it was run. */
export async function composeReport(source: ExperimentResults): Promise<Report> {
  const places = placeExamples(source)
  const accuracy = await measureExperiment(source, 'accuracy', places)
  const byMetric: ReportSection[][] = []
  for (const metric of source.experiment.metrics) {
    const experiment = metric === 'accuracy' ? accuracy : await measureExperiment(source, metric, places)
    byMetric.push(await sectionsOf(experiment))
  }
  return {
    title: source.experiment.name,
    sections: joinSections(byMetric),
    claims: checkClaims(accuracy),
    manifest: reportManifest(source)
  }
}
