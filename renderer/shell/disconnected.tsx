/** What is shown where the workbench can't be reached. */
import { Button, Center, Stack, Text, Title } from '@mantine/core'

export function Disconnected() {
  return (
    <Center component="main" mih="100vh" p="xl">
      <Stack align="center" maw={520}>
        <Title order={1} size="h3">
          The workbench can’t be reached
        </Title>
        <Text ta="center">
          It has ended, or was started anew with another address. Nothing that was kept is lost. If trying
          again doesn’t help, open the address that it printed when it was started last.
        </Text>
        <Button onClick={() => location.reload()}>Try again</Button>
      </Stack>
    </Center>
  )
}
