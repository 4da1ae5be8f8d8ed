/** The last step of the tour: why a set is better, and what to run next. */
import { useMediaQuery } from '@mantine/hooks'
import type { ReactElement, RefObject } from 'react'
import { narrow } from '#renderer/components/screen.tsx'
import { TourStep, useTour } from '#renderer/components/tour.tsx'

type Props = {
  /** What the step stands beside: the set in focus, or the figure where the set is not docked to it. */
  beside: 'set' | 'figure'
  /** What says what to run next. */
  next: RefObject<HTMLElement | null>
  children: ReactElement
}

export function ReasonsStep({ beside, next, children }: Props) {
  const [{ step }, setTour] = useTour()
  const isNarrow = useMediaQuery(narrow, undefined, { getInitialValueInEffect: false })
  const end = (): void => setTour({ step: null })
  return (
    <TourStep
      isShown={step === 'set' && beside === (isNarrow ? 'figure' : 'set')}
      position={isNarrow ? 'bottom' : 'left-start'}
      title="2 of 2: Why, and what to run next"
      text={
        isNarrow
          ? 'Each column is a set of sources: click one, or move by the arrow keys. The inspector says why it is better: its test, its relations and vectors; and at its end what to run next.'
          : 'Each column of the figure is a set of sources: click one, or move by the arrow keys. Here stands why it is better: its test, its relations and vectors; and at the end what to run next.'
      }
      action={isNarrow ? 'Done' : 'Show what to run next'}
      onAction={() => {
        end()
        next.current?.scrollIntoView({ block: 'nearest' })
      }}
      onEnd={end}
    >
      {children}
    </TourStep>
  )
}
