/** Shows a file or folder in the system's file manager, on hosts that have one. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = {
  path: string
  /** What is shown, for a screen reader. */
  name: string
}

export function RevealButton({ path, name }: Props) {
  const { reveal } = useWorkbench().host
  const show = useMutation({ mutationFn: async () => await reveal?.(path) })
  if (reveal === null) return null
  const text = show.isError ? 'Not there any more' : 'Show in folder'
  return (
    <Button variant="default" onClick={() => show.mutate()} aria-label={`${text}: ${name}`}>
      {text}
    </Button>
  )
}
