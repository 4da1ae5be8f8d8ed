/** The curves of tunings as their progress tells them; of every job the part that is at work, or was last. */
import { useState } from 'react'
import type { JobProgress } from '#preload/contract/job-methods.ts'
import { useProgressListener } from '#renderer/connection/job-progress.ts'
import type { CurvePoint } from './tuning-curves.tsx'

export type LiveCurve = {
  /** Which task and seed. */
  readonly label: string
  readonly loss: readonly CurvePoint[]
  readonly validations: readonly CurvePoint[]
}

function withPoint(
  points: readonly CurvePoint[],
  step: number,
  value: number | undefined
): readonly CurvePoint[] {
  return value === undefined ? points : [...points, { step, value }]
}

/** The curve with one word of progress more; it begins anew where another part of the job began. */
export function extendCurve(curve: LiveCurve | undefined, { label, progress }: JobProgress): LiveCurve {
  const step = progress.done
  const known = curve?.label === label && (curve.loss.at(-1)?.step ?? 0) <= step ? curve : undefined
  return {
    label,
    loss: withPoint(known?.loss ?? [], step, progress.values?.['loss']),
    validations: withPoint(known?.validations ?? [], step, progress.values?.['accuracy'])
  }
}

/** By job. Only work that tells a loss has a curve. */
export function useLiveCurves(): ReadonlyMap<string, LiveCurve> {
  const [curves, setCurves] = useState<ReadonlyMap<string, LiveCurve>>(new Map())
  useProgressListener((progress) => {
    const { values } = progress.progress
    if (values?.['loss'] === undefined && values?.['accuracy'] === undefined) return
    setCurves((before) =>
      new Map(before).set(progress.jobId, extendCurve(before.get(progress.jobId), progress))
    )
  })
  return curves
}
