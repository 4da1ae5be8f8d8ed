/** What comes of a mixture: its figures, what can be done with it, and pictures of what else it could be. */
import { Stack, Tabs } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useMemo } from 'react'
import { Answer, EmptyState } from '#renderer/components/screen.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { GridOrder } from './grid/grid-order.tsx'
import { KeepMixture } from './keep-mixture.tsx'
import { LiveMixture } from './live-mixture.tsx'
import {
  type MixChoice,
  type MixSetup,
  type MixSides,
  namesOf,
  sidesOf,
  sourcesOf,
  weightOf,
  weightsOf
} from './mix-choice.ts'
import type { Weights } from './mixture-points.ts'
import { RefineOrder } from './refine/refine-order.tsx'
import { Refining } from './refine/refining.tsx'
import { RidgePicture } from './ridge-picture.tsx'
import { SpaceNotes } from './space-notes.tsx'
import { type FoundSample, findSample } from './task-sample.ts'
import { type SolvedMixture, useBasis } from './use-basis.ts'
import { WeightPicture } from './weight-picture.tsx'

/** Pictures are drawn again a moment after the sliders rest. */
const picturePause = 200

type Props = {
  setup: MixSetup
  weights: MixChoice['weights']
  lists: Lists
  onSetup: (change: Partial<MixSetup>) => void
  onWeights: (weights: MixChoice['weights']) => void
}

/** The sources with some weight are the mixture; the picture of weights is of all of them. */
export function MixResult({ setup, weights, lists, onSetup, onWeights }: Props) {
  const sources = useMemo(() => sourcesOf(setup, lists), [setup, lists])
  const sample = useMemo(() => findSample(setup, sources, lists), [setup, sources, lists])
  const allSides = sidesOf(setup, sources, lists)
  const takingPart = sources.filter((source) => weightOf(weights, source) > 0)
  const sides = sidesOf(setup, takingPart, lists)
  const [settled] = useDebouncedValue(weights, picturePause)
  const changeRidge = useCallback((ridge: number) => onSetup({ ridge }), [onSetup])
  if (allSides === null) return null
  return (
    <Stack gap="md">
      {sides === null ? (
        <EmptyState title="All weights are 0" text="Give one of the sources some weight." />
      ) : (
        <MixtureFigures
          setup={setup}
          sides={sides}
          weights={weights}
          lists={lists}
          sample={sample}
          onSetup={onSetup}
        />
      )}
      <Tabs defaultValue="weights" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="weights">Weight sweep</Tabs.Tab>
          <Tabs.Tab value="ridge">Ridge path</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="weights">
          <AllWeights
            sides={allSides}
            weights={settled}
            lists={lists}
            sample={sample}
            onWeights={onWeights}
          />
        </Tabs.Panel>
        <Tabs.Panel value="ridge">
          {sides !== null && (
            <RidgePicture sides={sides} weights={settled} sample={sample.sample} onPick={changeRidge} />
          )}
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

type PartProps = { sides: MixSides; weights: MixChoice['weights']; lists: Lists; sample: FoundSample }

function namesOfSides({ sources }: MixSides, lists: Lists): string[] {
  return namesOf(sourcesOf({ promptIds: sources.map(({ promptId }) => promptId) }, lists))
}

type FigureProps = PartProps & Pick<Props, 'setup' | 'onSetup'>

function MixtureFigures({ setup, sides, ...others }: FigureProps) {
  const basis = useBasis(sides)
  return (
    <Answer query={basis}>{(solved) => <SolvedFigures setup={setup} solved={solved} {...others} />}</Answer>
  )
}

type SolvedProps = Omit<FigureProps, 'sides'> & { solved: SolvedMixture }

function SolvedFigures({ setup, solved, weights, lists, sample, onSetup }: SolvedProps) {
  const own = useMemo(() => weightsOf(solved.sides, weights), [solved, weights])
  const names = useMemo(() => namesOfSides(solved.sides, lists), [solved, lists])
  return (
    <>
      <LiveMixture solved={solved} weights={own} names={names} sample={sample} />
      <SpaceNotes sides={solved.sides} />
      <KeepMixture sides={solved.sides} weights={own} sample={sample.sample}>
        <GridOrder setup={setup} lists={lists} />
        <RefineOrder
          sides={solved.sides}
          weights={own}
          sample={sample}
          tasks={lists.tasks}
          onOrdered={(refinementId) => onSetup({ refinementId })}
        />
      </KeepMixture>
      {setup.refinementId !== null && (
        <Refining jobId={setup.refinementId} onDismiss={() => onSetup({ refinementId: null })} />
      )}
    </>
  )
}

type AllProps = PartProps & { onWeights: (weights: MixChoice['weights']) => void }

function AllWeights({ sides, weights, lists, sample, onWeights }: AllProps) {
  const basis = useBasis(sides)
  const solved = basis.data
  const names = useMemo(
    () => (solved === undefined ? [] : namesOfSides(solved.sides, lists)),
    [solved, lists]
  )
  const own = useMemo(() => (solved === undefined ? [] : weightsOf(solved.sides, weights)), [solved, weights])
  const pick = useCallback(
    (picked: Weights) => {
      const entries = solved?.sides.sources.map(({ promptId }, index) => [promptId, picked[index] ?? 0])
      onWeights(Object.fromEntries(entries ?? []))
    },
    [solved, onWeights]
  )
  return (
    <Answer query={basis}>
      {(all) => (
        <WeightPicture solved={all} names={names} weights={own} sample={sample.sample} onPick={pick} />
      )}
    </Answer>
  )
}
