/** What parts of a report are called. */
import type { PlannedSection } from '#main/experiments/execute/results.ts'
import type { PaperPart } from '#main/experiments/spec/experiment-file.ts'
import type { Metric } from './measure.ts'

const partNames: Record<PaperPart, string> = {
  'table-1': 'Table 1: direct transfer between models of one width',
  'table-2': 'Table 2: what transfer is held against',
  'table-3': 'Table 3: main results',
  'table-5': 'Table 5: between encoders and decoders',
  'table-6': 'Table 6: classification',
  'figure-2': 'Figure 2: accuracy along the search',
  'figure-3': 'Figure 3: normalisation',
  'figure-4a': 'Figure 4a: number of anchors',
  'figure-4b': 'Figure 4b: prompt length'
}

/** The title that a section was given, with the part of the paper that it repeats, or whichever of these there is. */
export function sectionTitle({ title, shows, name }: Omit<PlannedSection, 'cells'>): string {
  if (shows === null) return title ?? name
  const part = partNames[shows]
  return title === undefined ? part : `${title} (${part.slice(0, part.indexOf(':'))})`
}

const metricNames: Record<Metric, string> = {
  accuracy: 'Accuracy',
  precisionAt10: 'Precision at 10',
  meanReciprocalRank: 'Mean reciprocal rank'
}

export function metricName(metric: Metric): string {
  return metricNames[metric]
}

/** Names the files of something that is shown in a metric; accuracy goes without saying. */
export function fileId(name: string, metric: Metric): string {
  return metric === 'accuracy' ? name : `${name}-${metric}`
}
