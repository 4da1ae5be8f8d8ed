/** The tour of the sample: two notes, each beside what it speaks of. Escape ends it, and it does not come back by itself. */
import { Button, Group, Popover, type PopoverProps, Stack, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type ReactElement, type ReactNode, useEffect, useId, useRef } from 'react'
import { type Tour, tourSchema, tourView } from '#preload/contract/tour.ts'
import { useView } from '#renderer/connection/view.ts'

/** In milliseconds: a menu or palette in which the tour was asked for gives the focus back when it is gone. */
const menuFadesIn = 350

export function useTour(): [Tour, (change: Tour) => void] {
  return useView(tourView, tourSchema)
}

type Step = {
  title: string
  text: ReactNode
  position: PopoverProps['position']
  /** What the step asks for; it goes on from there. */
  action: string
  onAction: () => void
  onEnd: () => void
}

type TourStepProps = Step & {
  isShown: boolean
  /** The note stands beside it. */
  children: ReactElement
}

export function TourStep({ isShown, children, ...step }: TourStepProps) {
  return (
    <Popover
      opened={isShown}
      position={step.position}
      width={300}
      withArrow
      shadow="md"
      closeOnClickOutside={false}
      withRoles={false}
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>{children}</Popover.Target>
      <Popover.Dropdown p={0}>{isShown && <Note {...step} />}</Popover.Dropdown>
    </Popover>
  )
}

function Note({ title, text, action, onAction, onEnd }: Step) {
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
