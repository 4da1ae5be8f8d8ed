/** A note of the tour of the sample, beside what it speaks of. Escape ends the tour, and it does not come back by itself. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type ReactNode, useEffect, useId, useRef } from 'react'

/** In milliseconds: a menu or palette in which the tour was asked for gives the focus back when it is gone. */
const menuFadesIn = 350

type Props = {
  title: string
  text: ReactNode
  /** What the step asks for; it goes on from there. */
  action: string
  onAction: () => void
  onEnd: () => void
}

export function TourNote({ title, text, action, onAction, onEnd }: Props) {
  const id = useId()
  const first = useRef<HTMLButtonElement>(null)
  // It is read out where it appears, and answered at once by keyboard.
  useEffect(() => {
    const timer = setTimeout(() => first.current?.focus({ preventScroll: true }), menuFadesIn)
    return () => clearTimeout(timer)
  }, [])
  // From elsewhere too, where Escape has nothing to close.
  useHotkeys([['Escape', onEnd]])
  return (
    <Stack
      gap="xs"
      p="sm"
      role="dialog"
      data-part
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onKeyDown={(event) => {
        // Its keys are not those of what it stands beside.
        event.stopPropagation()
        if (event.key === 'Escape') onEnd()
      }}
    >
      <Text id={`${id}-title`} fw={600}>
        {title}
      </Text>
      <Text id={`${id}-text`} size="sm" component="div">
        {text}
      </Text>
      <Group gap="xs">
        <Button ref={first} onClick={onAction}>
          {action}
        </Button>
        <Button variant="subtle" onClick={onEnd}>
          Skip the tour
        </Button>
      </Group>
    </Stack>
  )
}
