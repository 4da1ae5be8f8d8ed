/** Where a prompt comes from: its file, the run that transferred or refined it with its manifest, or how it was tuned. */
import { Accordion, Code, Stack, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { type Fact, FactTable } from '#renderer/components/fact-table.tsx'
import { figure } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useRuns } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { TuningCurves } from './tuning/tuning-curves.tsx'

type OriginOf<K extends Prompt['origin']['kind']> = Extract<Prompt['origin'], { kind: K }>

export function Origin({ origin }: Pick<Prompt, 'origin'>) {
  switch (origin.kind) {
    case 'file':
      return <FileOrigin origin={origin} />
    case 'run':
      return <RunOrigin origin={origin} />
    case 'tuning':
      return <TuningOrigin origin={origin} />
  }
}

function Facts({ facts, label }: { facts: readonly Fact[]; label: string }) {
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        {label}
      </Title>
      <FactTable label={label} facts={facts} />
    </Stack>
  )
}

function FileOrigin({ origin }: { origin: OriginOf<'file'> }) {
  const { path, format, tensor, dtype, shape, sha256 } = origin
  return (
    <Facts
      label="Read from a file"
      facts={[
        ['File', path],
        ['Format', format],
        ['Tensor', `${tensor} (${dtype}, ${shape.join(' × ')})`],
        ['SHA-256', sha256]
      ]}
    />
  )
}

function sourcesOf(run: RunEntry | undefined): string | null {
  if (run === undefined) return null
  return run.sources.map(({ model, prompt, weight }) => `${prompt} of ${model} (weight ${weight})`).join(', ')
}

function RunOrigin({ origin }: { origin: OriginOf<'run'> }) {
  const { call } = useWorkbench()
  const run = useQuery({
    queryKey: ['runs', 'one', origin.run],
    queryFn: () => call('runs.get', { id: origin.run })
  })
  const runs = useRuns()
  const entry = runs.data?.find(({ id }) => id === origin.run)
  return (
    <Answer query={run}>
      {({ name, report, manifest }) => (
        <>
          <Facts
            label={entry?.refinement ? 'Refined by a run' : 'Transferred by a run'}
            facts={[
              ['Run', name],
              ['Sources', sourcesOf(entry)],
              ['Cost', entry?.refinement?.cost ?? null],
              ['Matching', entry?.matching == null ? null : figure(entry.matching)],
              [
                'Anchors',
                report === null ? null : `${report.anchorsUsed}, ${report.anchorsKept} kept per vector`
              ]
            ]}
          />
          <Accordion variant="contained">
            <Accordion.Item value="manifest">
              <Accordion.Control>Manifest</Accordion.Control>
              <Accordion.Panel>
                <Code block>{JSON.stringify(manifest, null, 2)}</Code>
              </Accordion.Panel>
            </Accordion.Item>
          </Accordion>
        </>
      )}
    </Answer>
  )
}

const ends = {
  finished: 'all epochs',
  'early-stop': 'stopped early, for want of better validations',
  cancelled: 'cancelled'
} as const

function TuningOrigin({ origin }: { origin: OriginOf<'tuning'> }) {
  const { call } = useWorkbench()
  const tuning = useQuery({
    queryKey: ['tunings', origin.tuning],
    queryFn: () => call('tunings.get', { id: origin.tuning })
  })
  // Prompts that came with the sample say in words how they were tuned.
  if (tuning.isError) return <Facts label="Tuned" facts={[['How', origin.tuning]]} />
  return (
    <Answer query={tuning}>
      {({ task, seed, settings, selection, ended, chosenStep, seconds, loss, validations }) => (
        <>
          <Facts
            label="Tuned here"
            facts={[
              ['Task', task],
              ['Seed', String(seed)],
              [
                'Recipe',
                `learning rate ${settings.learningRate}, batches of ${settings.batchSize}, ${settings.epochs} epochs`
              ],
              [
                'Ended',
                ended === null || loss === null
                  ? null
                  : `${ends[ended]}, after ${loss.length} steps and ${seconds.toFixed(1)} s`
              ],
              ['Chosen', selection === 'validation' ? `step ${chosenStep}, by validation` : 'the last step']
            ]}
          />
          <TuningCurves
            loss={[...(loss ?? [])].map((value, at) => ({ step: at + 1, value }))}
            validations={validations.map(({ step, accuracy }) => ({ step, value: accuracy }))}
            chosenStep={chosenStep}
          />
        </>
      )}
    </Answer>
  )
}
