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

type GrowingCurve = { label: string; loss: CurvePoint[]; validations: CurvePoint[] }

/** The curve with one word of progress more, in place; another one where another part of the job began. */
function extendCurve(curve: GrowingCurve | undefined, { label, progress }: JobProgress): GrowingCurve {
  const { done: step, values } = progress
  const isSame = curve?.label === label && (curve.loss.at(-1)?.step ?? 0) <= step
  const grown = isSame ? curve : { label, loss: [], validations: [] }
  if (values?.['loss'] !== undefined) grown.loss.push({ step, value: values['loss'] })
  if (values?.['accuracy'] !== undefined) grown.validations.push({ step, value: values['accuracy'] })
  return grown
}

/** A copy that may grow: once for many words, as small models take thousands of steps in a moment. */
function growing({ label, loss, validations }: LiveCurve): GrowingCurve {
  return { label, loss: [...loss], validations: [...validations] }
}

/** Takes in words of progress, in their order. */
export function hearCurves(answers: QueryClient, told: readonly JobProgress[]): void {
  const points = told.filter(
    ({ progress: { values } }) => values?.['loss'] !== undefined || values?.['accuracy'] !== undefined
  )
  if (points.length === 0) return
  answers.setQueryData<LiveCurves>(queryKey, (before = {}) => {
    const grown = new Map<string, GrowingCurve>()
    for (const point of points) {
      const { jobId } = point
      const known = before[jobId]
      grown.set(jobId, extendCurve(grown.get(jobId) ?? (known && growing(known)), point))
    }
    return { ...before, ...Object.fromEntries(grown) }
  })
}

export function useLiveCurves(): LiveCurves {
  const { data } = useQuery<LiveCurves>({ queryKey, queryFn: () => ({}), enabled: false })
  return data ?? {}
}
