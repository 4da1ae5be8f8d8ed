/**
 * The last step of the tour: why a set is better, and what to run next. It stands in the place of what it speaks of and not over
 * it, where it would cover what can be clicked.
 */
import { Card } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { RefObject } from 'react'
import { narrow } from '#renderer/components/screen.tsx'
import { TourNote } from '#renderer/components/tour.tsx'
import { useTour } from '#renderer/connection/use-tour.ts'

type Props = {
  /** What the step stands above: the set in focus, or the figure where the set is not docked to it. */
  above: 'set' | 'figure'
  /** What says what to run next. */
  next: RefObject<HTMLElement | null>
}

export function ReasonsStep({ above, next }: Props) {
  const [step, setTour] = useTour()
  const isNarrow = useMediaQuery(narrow, undefined, { getInitialValueInEffect: false })
  if (step !== 'set' || above !== (isNarrow ? 'figure' : 'set')) return null
  const end = (): void => setTour(null)
  return (
    <Card withBorder shadow="sm" p={0} flex="none" mb={above === 'figure' ? 'xs' : 0}>
      <TourNote
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
      />
    </Card>
  )
}
