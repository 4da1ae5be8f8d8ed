/** One run in full: its figures per vector, the search's curve, notes, and the manifest as it is exported. */
import {
  Alert,
  Button,
  Code,
  Group,
  List,
  ScrollArea,
  Stack,
  Table,
  Text,
  Textarea,
  Title
} from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { categoryColour } from '#engine/common/format/palette.ts'
import type { RunDetails, RunEntry } from '#preload/contract/run-methods.ts'
import { type Fact, FactTable } from '#renderer/components/fact-table.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { cosine, figure, percent } from '#renderer/components/numbers.ts'
import { Answer, Inspector } from '#renderer/components/screen.tsx'
import { useOpened } from '#renderer/connection/address.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import { agreement, TuningCurves } from '#renderer/prompts/tuning/tuning-curves.tsx'
import { RunAnswers } from './run-answers.tsx'
import { labelOf } from './run-fields.ts'
import { RunMenu } from './run-menu.tsx'

/** The run that the page's address names, where it is one of these. */
export function RunInspector({ runs }: { runs: readonly RunEntry[] }) {
  const [opened, open] = useOpened()
  const run = runs.find(({ id }) => id === opened)
  if (run === undefined) return null
  return (
    <Inspector title={labelOf(run)} onClose={() => open(null)} actions={<RunMenu run={run} at={null} />}>
      <Details key={run.id} run={run} />
    </Inspector>
  )
}

function Details({ run }: { run: RunEntry }) {
  const { call } = useWorkbench()
  const details = useQuery({
    queryKey: ['runs', 'get', run.id],
    queryFn: () => call('runs.get', { id: run.id })
  })
  return (
    <Answer query={details}>
      {(stored) => (
        <Stack>
          <Text className="breakable">{stored.name}</Text>
          <Scores run={run} />
          {run.chosenOn !== null && <ChosenOn {...run.chosenOn} />}
          {run.weightsUnverified && <WeightsUnverified target={run.target} />}
          {stored.report !== null && <Vectors run={run} report={stored.report} />}
          <List size="sm">
            {stored.remarks.map((remark) => (
              <List.Item key={remark}>{remark}</List.Item>
            ))}
          </List>
          {stored.loss !== null && (
            <LossCurve loss={stored.loss} chosenStep={stored.chosenStep} ofSearch={run.method === 'adam'} />
          )}
          {stored.loss !== null && run.method === 'refine' && (
            <RefinementCurves loss={stored.loss} curve={stored.curve} chosenStep={stored.chosenStep} />
          )}
          {run.scores !== null && <RunAnswers id={run.id} />}
          <Notes runId={run.id} notes={stored.notes} />
          <div>
            <Title order={2} size="h5">
              Manifest
            </Title>
            <ScrollArea.Autosize
              mah={320}
              type="auto"
              viewportProps={{ tabIndex: 0, 'aria-label': 'Manifest' }}
            >
              <Code block>{JSON.stringify(stored.manifest, null, 2)}</Code>
            </ScrollArea.Autosize>
          </div>
        </Stack>
      )}
    </Answer>
  )
}

function ChosenOn({ split, among }: NonNullable<RunEntry['chosenOn']>) {
  return (
    <Alert color="yellow" variant="light">
      <Text size="sm" fw={600}>
        Chosen on {split}: not zero-shot
      </Text>
      <Text size="sm">
        A race chose these sources and weights among {among} by labels of the target’s {split} split.
      </Text>
    </Alert>
  )
}

function WeightsUnverified({ target }: { target: string }) {
  return (
    <Alert color="yellow" variant="light">
      <Text size="sm" fw={600}>
        Weights unverified
      </Text>
      <Text size="sm" className="breakable">
        An older version stored this result and did not note the weights of {target}. It is verified when they
        are hashed, where the project names this folder alone for it and its files were not changed since;
        otherwise evaluate again.
      </Text>
    </Alert>
  )
}

type Report = NonNullable<RunDetails['report']>

/** What the run scored, with its interval and N. */
function Scores({ run: { scores, task, matching, refinement } }: { run: RunEntry }) {
  const facts: Fact[] = [['Matching', matching === null ? null : cosine(matching)]]
  if (refinement !== null) facts.push(['Refinement', refinement.settings], ['Cost', refinement.cost])
  if (scores !== null) {
    const { low, high } = scores.accuracyInterval
    facts.unshift(
      ['Task', task],
      [
        'Accuracy',
        `${percent(scores.accuracy)} (95 % ${percent(low)} to ${percent(high)}, N ${scores.examples})`
      ],
      ['MRR', scores.meanReciprocalRank.toFixed(3)],
      ['Mean loss', figure(scores.meanLoss)]
    )
  }
  return <FactTable label="Scores" facts={facts} />
}

function Vectors({ run, report }: { run: RunEntry; report: Report }) {
  const totalWeight = run.sources.reduce((sum, { weight }) => sum + weight, 0)
  // Of a single source it is the matching itself.
  const bySource =
    run.sources.length < 2
      ? []
      : run.sources.map(({ model, prompt }, place) => ({ key: `${place} ${prompt}`, model, place }))
  const named = report.vectors.map((vector, index) => ({ name: `V${index + 1}`, vector }))
  return (
    <div>
      <Table aria-label="Vectors">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Vector</Table.Th>
            <Table.Th className="numeric">Matching</Table.Th>
            {bySource.map(({ key, model }) => (
              <Table.Th key={key} className="numeric">
                {model}
              </Table.Th>
            ))}
            <Table.Th className="numeric">Upper bound (J*)</Table.Th>
            <Table.Th>Nearest words</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {named.map(({ name, vector }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td className="numeric">{cosine(vector.matching / totalWeight)}</Table.Td>
              {bySource.map(({ key, place }) => (
                <Table.Td key={key} className="numeric">
                  {cosine(vector.perSource[place] ?? Number.NaN)}
                </Table.Td>
              ))}
              <Table.Td className="numeric">{cosine(vector.upperBound)}</Table.Td>
              <Table.Td className="breakable">
                {vector.nearestWords
                  .slice(0, 3)
                  .map(({ token }) => token)
                  .join(', ')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" className="quiet">
        {report.anchorsKept} of {report.anchorsUsed} anchors kept per vector, effective rank{' '}
        {report.effectiveRank.toFixed(1)}, condition{' '}
        {report.condition === null ? 'not full rank' : figure(report.condition)}
      </Text>
    </div>
  )
}

type LossCurveProps = { loss: Float64Array; chosenStep: number | null; ofSearch: boolean }

/** The loss of Adam's search is one less its matching, which is shown; of a training it is the loss itself. */
function LossCurve({ loss, chosenStep, ofSearch }: LossCurveProps) {
  const picture = useMemo(() => {
    const steps = Array.from(loss, (_, step) => step)
    const values = Array.from(loss, (value) => (ofSearch ? 1 - value : value))
    const named = ofSearch ? 'matching' : 'training loss'
    return {
      traces: [
        {
          type: 'scatter' as const,
          mode: 'lines' as const,
          x: steps,
          y: values,
          line: { color: categoryColour(0) },
          hovertemplate: 'step %{x}: %{y:.3f}<extra></extra>'
        }
      ],
      layout: {
        xaxis: { title: { text: 'step' } },
        yaxis: { title: { text: named } },
        shapes:
          chosenStep === null
            ? []
            : [
                {
                  type: 'line' as const,
                  x0: chosenStep,
                  x1: chosenStep,
                  y0: 0,
                  y1: 1,
                  yref: 'paper' as const,
                  line: { color: categoryColour(1), dash: 'dot' as const }
                }
              ]
      },
      table: { columns: ['step', named], rows: steps.map((step) => [step, values[step] ?? null]) }
    }
  }, [loss, chosenStep, ofSearch])
  const summary = chosenStep === null ? undefined : `Step ${chosenStep} was taken.`
  return (
    <Chart title="Loss curve" {...(summary === undefined ? {} : { summary })} height={220} {...picture} />
  )
}

type CurveProps = Pick<RunDetails, 'curve' | 'chosenStep'> & { loss: Float64Array }

function RefinementCurves({ loss, curve, chosenStep }: CurveProps) {
  const losses = useMemo(() => Array.from(loss, (value, index) => ({ step: index + 1, value })), [loss])
  const validations = useMemo(() => curve.map(({ step, accuracy }) => ({ step, value: accuracy })), [curve])
  return (
    <TuningCurves
      title="The refinement"
      loss={losses}
      validations={validations}
      chosenStep={chosenStep}
      measured={agreement}
    />
  )
}

function Notes({ runId, notes }: { runId: string; notes: RunDetails['notes'] }) {
  const { call } = useWorkbench()
  const [text, setText] = useState('')
  const add = useMutation({
    mutationFn: () => call('notes.add', { runId, text }),
    onSuccess: () => setText('')
  })
  const remove = useMutation({ mutationFn: (id: string) => call('notes.remove', { id }) })
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        Notes
      </Title>
      {notes.map((note) => (
        <Group key={note.id} justify="space-between" wrap="nowrap" align="flex-start">
          <Text size="sm" className="breakable keeps-lines">
            {note.text}
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={() => remove.mutate(note.id)}>
            Remove
          </Button>
        </Group>
      ))}
      <Group align="flex-end" wrap="nowrap">
        <Textarea
          flex={1}
          label="New note"
          autosize
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button disabled={text.trim() === ''} loading={add.isPending} onClick={() => add.mutate()}>
          Add
        </Button>
      </Group>
      <Failure of={[add, remove]} about={text} />
    </Stack>
  )
}
