/**
 * The curves of tunings as their progress tells them; of every job the part that is at work, or was last. They are heard
 * whatever screen is shown, and a page that is loaded meanwhile is told them from their start.
 */
import { type QueryClient, useQuery } from '@tanstack/react-query'
import type { JobProgress } from '#preload/contract/job-methods.ts'

export type CurvePoint = { readonly step: number; readonly value: number }

export type LiveCurve = {
  /** Which task and seed. */
  readonly label: string
  readonly loss: readonly CurvePoint[]
  readonly validations: readonly CurvePoint[]
}

/** By job. Only work that tells a loss has a curve. */
type LiveCurves = Readonly<Record<string, LiveCurve>>

const queryKey = ['live curves']

function withPoint(
  points: readonly CurvePoint[],
  step: number,
  value: number | undefined
): readonly CurvePoint[] {
  return value === undefined ? points : [...points, { step, value }]
}

/** The curve with one word of progress more; it begins anew where another part of the job began. */
function extendCurve(curve: LiveCurve | undefined, { label, progress }: JobProgress): LiveCurve {
  const step = progress.done
  const known = curve?.label === label && (curve.loss.at(-1)?.step ?? 0) <= step ? curve : undefined
  return {
    label,
    loss: withPoint(known?.loss ?? [], step, progress.values?.['loss']),
    validations: withPoint(known?.validations ?? [], step, progress.values?.['accuracy'])
  }
}

/** Takes in words of progress, in their order. */
export function hearCurves(answers: QueryClient, told: readonly JobProgress[]): void {
  const points = told.filter(
    ({ progress: { values } }) => values?.['loss'] !== undefined || values?.['accuracy'] !== undefined
  )
  if (points.length === 0) return
  answers.setQueryData<LiveCurves>(queryKey, (before = {}) => {
    const after = { ...before }
    for (const point of points) after[point.jobId] = extendCurve(after[point.jobId], point)
    return after
  })
}

export function useLiveCurves(): LiveCurves {
  const { data } = useQuery<LiveCurves>({ queryKey, queryFn: () => ({}), enabled: false })
  return data ?? {}
}
