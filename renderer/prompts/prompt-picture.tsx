/** A prompt among its nearest words and other prompts of its model, in two dimensions; what a lasso holds is listed. */
import { Group, Loader, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Data, Layout, LayoutAxis } from 'plotly.js'
import { useMemo, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import { categoryColour } from '#engine/common/format/palette.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptPlane } from '#preload/contract/prompt-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'

type Point = { readonly name: string; readonly x: number; readonly y: number }

/** Above so many, names would cover each other. */
const mostNames = 60
const height = 420

/** The points of a plane by kind: what each trace of the picture holds. */
function pointsOf({ vectors, words, others }: PromptPlane): readonly (readonly [string, readonly Point[]])[] {
  return [
    ['word', words.map(({ token, x, y }) => ({ name: token, x, y }))],
    ['other prompt', others.map(({ name, vector, x, y }) => ({ name: `${name} V${vector + 1}`, x, y }))],
    ['this prompt', vectors.map(({ x, y }, index) => ({ name: `V${index + 1}`, x, y }))]
  ]
}

/** Without the handles at its ends: a lasso may begin anywhere. */
function axis(title: string): Partial<LayoutAxis> {
  return { title: { text: title }, zeroline: false, fixedrange: true }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}

export function PromptPicture({ id, model }: { id: string; model: ModelEntry }) {
  const { call } = useWorkbench()
  const plane = useQuery({
    queryKey: ['prompts', 'plane', id, model.id],
    queryFn: ({ signal }) => call('prompts.plane', { id, modelId: model.id }, { signal })
  })
  if (plane.isError) return <ErrorReport error={plane.error} />
  if (plane.data === undefined) return <Loader role="status" aria-label="Laying out the picture" />
  return <Picture plane={plane.data} />
}

function Picture({ plane }: { plane: PromptPlane }) {
  const [showsOthers, setShowsOthers] = useState(true)
  const [picked, setPicked] = useState<readonly PickedPoint[]>([])
  const kinds = useMemo(
    () => pointsOf(plane).filter(([kind]) => showsOthers || kind !== 'other prompt'),
    [plane, showsOthers]
  )
  const traces = useMemo<Data[]>(() => kinds.map(([kind, points]) => traceOf(kind, points)), [kinds])
  const layout = useMemo<Partial<Layout>>(
    () => ({
      dragmode: 'lasso',
      showlegend: true,
      xaxis: axis(`first component (${percent(plane.explained[0])})`),
      yaxis: axis(`second component (${percent(plane.explained[1])})`)
    }),
    [plane]
  )
  const names = picked.flatMap(({ trace, point }) => kinds[trace]?.[1][point]?.name ?? [])
  return (
    <Stack gap="xs">
      <Chart
        title="Among words and other prompts"
        summary={summaryOf(plane)}
        height={height}
        traces={traces}
        layout={layout}
        onSelect={setPicked}
        table={{
          columns: ['kind', 'name', 'x', 'y'],
          rows: kinds.flatMap(([kind, points]) => points.map(({ name, x, y }) => [kind, name, x, y]))
        }}
        controls={
          plane.others.length > 0 && (
            <Switch
              size="xs"
              label="Other prompts"
              styles={{ label: { whiteSpace: 'nowrap' } }}
              checked={showsOthers}
              onChange={({ currentTarget }) => {
                setShowsOthers(currentTarget.checked)
                setPicked([])
              }}
            />
          )
        }
      />
      <Group gap={6} role="status">
        <Text size="sm" className="breakable">
          {names.length === 0
            ? 'Lasso points to list them.'
            : `${count(names.length)} inside: ${names.join(', ')}`}
        </Text>
      </Group>
    </Stack>
  )
}

function summaryOf({ explained, leftOut }: PromptPlane): string {
  const shown = percent(explained[0] + explained[1])
  const older = leftOut === 0 ? '' : ` ${count(leftOut)} older prompts are left out.`
  return `Principal components at length 1: ${shown} of the variance is in this plane, so near here need not be near.${older}`
}

function traceOf(kind: string, points: readonly Point[]): Data {
  const isThis = kind === 'this prompt'
  const isNamed = isThis || (kind === 'word' && points.length <= mostNames)
  const colour = categoryColour(isThis ? 5 : kind === 'word' ? 0 : 2)
  return {
    type: 'scatter',
    mode: isNamed ? 'text+markers' : 'markers',
    name: kind,
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    text: points.map(({ name }) => name),
    textposition: 'top center',
    textfont: { size: isThis ? 13 : 10 },
    marker: {
      color: colour,
      size: isThis ? 11 : 6,
      symbol: isThis ? 'diamond' : 'circle',
      opacity: isThis ? 1 : 0.7
    },
    hovertemplate: `%{text}<extra>${kind}</extra>`
  }
}
