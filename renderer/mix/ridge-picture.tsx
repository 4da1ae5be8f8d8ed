/** λ's path: matching and accuracy of the mixture at hand, from hardly any ridge to a strong one. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { RidgePoint } from '#engine/common/contract/transfer.ts'
import { shortNumber } from '#engine/common/format/table.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'
import { curveLayout, curveTraces, describeCurve } from './curve-traces.ts'
import { type MixChoice, type MixSides, weightsOf, withWeights } from './mix-choice.ts'
import type { Weights } from './mixture-points.ts'
import { ridgeExponents, ridgePathValues } from './ridge-values.ts'
import type { TaskSample } from './task-sample.ts'
import { useSampled } from './use-sampled.ts'

type Props = {
  sides: MixSides
  weights: MixChoice['weights']
  sample: TaskSample | null
  onPick: (ridge: number) => void
}

type Path = { readonly sides: MixSides; readonly weights: Weights; readonly points: readonly RidgePoint[] }

export function RidgePicture({ sides, weights: byPrompt, sample, onPick }: Props) {
  const { call } = useWorkbench()
  const { ridge, ...others } = sides
  const weights = weightsOf(sides, byPrompt)
  const path = useQuery<Path>({
    queryKey: ['mix', 'ridge path', others, weights],
    placeholderData: keepPreviousData,
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const { ridge: _, ...order } = withWeights(sides, weights)
      return {
        sides,
        weights,
        points: await call('mix.ridgePath', { ...order, ridges: ridgePathValues() }, { signal })
      }
    }
  })
  return (
    <Answer query={path}>
      {(solved) => <PathChart path={solved} ridge={ridge} sample={sample} onPick={onPick} />}
    </Answer>
  )
}

type ChartProps = { path: Path; ridge: number; sample: TaskSample | null; onPick: (ridge: number) => void }

function PathChart({ path, ridge, sample, onPick }: ChartProps) {
  const { sides, weights, points } = path
  const prompts = useMemo(() => points.map(({ prompt }) => prompt), [points])
  const { ridge: _, ...others } = sides
  const { accuracies, error } = useSampled(['ridge path', others, weights], sides, prompts, sample)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const inOrder = useMemo(
    () =>
      points
        .map(({ asked, vectors }, index) => ({
          at: asked,
          matching: vectors.reduce((sum, { matching }) => sum + matching, 0) / vectors.length / total,
          accuracy: accuracies[index] ?? null,
          word: vectors.map(({ nearestWords }) => nearestWords[0]?.token ?? '').join(' ')
        }))
        .toSorted((a, b) => a.at - b.at),
    [points, accuracies, total]
  )
  const hasTask = sample !== null
  const traces = useMemo(() => curveTraces(inOrder, hasTask), [inOrder, hasTask])
  const layout = useMemo(() => {
    const { least, most } = ridgeExponents
    const axis = {
      title: { text: 'Ridge λ' },
      type: 'log' as const,
      range: [least - 0.2, most + 0.2],
      dtick: 1,
      exponentformat: 'none' as const
    }
    return curveLayout(axis, ridge > 0 ? ridge : null, hasTask)
  }, [ridge, hasTask])
  const pick = ({ point }: PickedPoint): void => {
    const picked = inOrder[point]
    if (picked !== undefined) onPick(picked.at)
  }
  return (
    <>
      <Chart
        title="Ridge path"
        summary={`${describeCurve(inOrder, (at) => `λ ${shortNumber(at)}`)} Click to apply λ.`}
        table={{
          columns: ['λ', 'Matching', 'Accuracy', 'Low', 'High', 'N', 'Nearest words'],
          rows: inOrder.map(({ at, matching, accuracy, word }) => [
            at,
            matching,
            accuracy?.accuracy ?? null,
            accuracy?.low ?? null,
            accuracy?.high ?? null,
            accuracy?.examples ?? null,
            word
          ])
        }}
        traces={traces}
        layout={layout}
        height={hasTask ? 400 : 260}
        onPick={pick}
      />
      {error !== null && <ErrorReport error={error} />}
    </>
  )
}
