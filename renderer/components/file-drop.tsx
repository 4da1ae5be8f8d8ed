/** Files and folders dropped anywhere on the window, with a hint while they hang over it. */
import { Overlay, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { useState } from 'react'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = {
  /** What happens to what is dropped here. */
  hint: string
  /** The paths of what was dropped; none where the host doesn't tell them, as a browser. */
  onDrop: (paths: string[]) => void
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true
}

export function FileDrop({ hint, onDrop }: Props) {
  const { host } = useWorkbench()
  const [isOver, setOver] = useState(false)
  useWindowEvent('dragover', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    setOver(true)
  })
  useWindowEvent('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) setOver(false)
  })
  useWindowEvent('drop', (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    setOver(false)
    const files = [...(event.dataTransfer?.files ?? [])]
    onDrop(files.flatMap((file) => host.pathOfDropped(file) ?? []))
  })
  if (!isOver) return null
  return (
    <Overlay fixed center zIndex={300} className="drop-hint">
      <Text size="xl" fw={600}>
        {hint}
      </Text>
    </Overlay>
  )
}
