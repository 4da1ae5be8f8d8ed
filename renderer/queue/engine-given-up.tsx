/** Says that the engine is not started for now, and offers to. */
import { Alert, Button, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

/** Why the engine is not started, or null where it can be asked. */
export function useEngineGivenUp() {
  const { call } = useWorkbench()
  const state = useQuery({ queryKey: ['state'], queryFn: () => call('workbench.state', {}) })
  return state.data?.engineGivenUp ?? null
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
