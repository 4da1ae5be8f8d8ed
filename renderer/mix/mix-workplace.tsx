/** The mixing bench: what is mixed on the left, what comes of it on the right. */
import { useDebouncedValue } from '@mantine/hooks'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { mostSuggestible } from '#engine/common/contract/refinement.ts'
import { EmptyState } from '#renderer/components/screen.tsx'
import { SplitView } from '#renderer/components/split-view.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { type MixChoice, type MixSetup, nextStep, sourcesOf } from './mix-choice.ts'
import { MixForm, SourceChoice } from './mix-form.tsx'
import { MixResult } from './mix-result.tsx'
import { SuggestSources } from './suggest-sources.tsx'
import { WeightSliders } from './weight-sliders.tsx'

/** λ and k are solved for a moment after the last change; weights at once. */
const setupPause = 120

type Props = {
  lists: Lists
  /** What was chosen when the screen was shown last. */
  stored: MixChoice
  onChange: (change: Partial<MixChoice>) => void
}

export function MixWorkplace({ lists, stored, onChange }: Props) {
  const [setup, setSetup] = useState<MixSetup>(stored)
  const [weights, setWeights] = useState(stored.weights)
  const keep = useRef(onChange)
  useEffect(() => {
    keep.current = onChange
  })
  const changeSetup = useCallback((change: Partial<MixSetup>) => {
    setSetup((before) => ({ ...before, ...change }))
    keep.current(change)
  }, [])
  const changeWeights = useCallback((changed: MixChoice['weights']) => {
    setWeights(changed)
    keep.current({ weights: changed })
  }, [])
  const [settled] = useDebouncedValue(setup, setupPause)
  const sources = useMemo(() => sourcesOf(setup, lists), [setup, lists])
  const missing = nextStep(setup, sources, lists)
  return (
    <SplitView
      label="what is mixed"
      side={
        <>
          <SourceChoice setup={setup} lists={lists} onChange={changeSetup} />
          {sources.length > 0 && (
            <WeightSliders sources={sources} weights={weights} onChange={changeWeights} />
          )}
          {sources.length > 1 && sources.length <= mostSuggestible && (
            <SuggestSources setup={setup} sources={sources} lists={lists} onWeights={changeWeights} />
          )}
          <MixForm setup={setup} lists={lists} onChange={changeSetup} />
        </>
      }
    >
      {missing === null ? (
        <MixResult
          setup={settled}
          weights={weights}
          lists={lists}
          onWeights={changeWeights}
          onSetup={changeSetup}
        />
      ) : (
        <EmptyState title="Select source prompts" text={missing} />
      )}
    </SplitView>
  )
}
