/** Says that the engine is not started for now, or not sent some files, and offers to. */
import { Alert, Button, List, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useWorkbenchState } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

/** Why the engine is not started, or null where it can be asked. */
export function useEngineGivenUp() {
  return useWorkbenchState().data?.engineGivenUp ?? null
}

/** Files that ended the engine twice; those of one entry were worked on together. */
export function useFilesSetAside() {
  return useWorkbenchState().data?.setAside ?? []
}

/** Files that ended the engine twice: which, and the way back. */
export function FilesSetAside() {
  const { call } = useWorkbench()
  const setAside = useFilesSetAside()
  const tryAgain = useMutation({ mutationFn: () => call('engine.restart', {}) })
  if (setAside.length === 0) return null
  return (
    <Alert color="red" variant="light" title="Files are set aside" role="alert">
      <Text size="sm">The engine ended twice while it worked on these, and is not sent them again:</Text>
      <List size="sm">
        {setAside.map((files) => (
          <List.Item key={files.join()} className="breakable">
            {files.join(' with ')}
          </List.Item>
        ))}
      </List>
      <Text size="sm">Check that they are whole and that there is memory enough.</Text>
      <Button mt="xs" size="compact-sm" loading={tryAgain.isPending} onClick={() => tryAgain.mutate()}>
        Try again
      </Button>
    </Alert>
  )
}

export function EngineGivenUp() {
  const { call } = useWorkbench()
  const givenUp = useEngineGivenUp()
  const restart = useMutation({ mutationFn: () => call('engine.restart', {}) })
  if (givenUp === null) return null
  const time = new Date(givenUp.until).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return (
    <Alert color="red" variant="light" title="The engine has stopped" role="alert">
      <Text size="sm" className="breakable">
        Nothing is computed: {givenUp.reason}. It starts at once when you restart it, or with the first thing
        asked for after {time}.
      </Text>
      <Button mt="xs" size="compact-sm" loading={restart.isPending} onClick={() => restart.mutate()}>
        Restart engine
      </Button>
    </Alert>
  )
}
