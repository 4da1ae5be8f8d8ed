/** An error for a person: what happened, where, found, expected, what to do next, and its details to pass on. */
import { Alert, Button, Group, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = { error: Error; onRetry?: () => void; onDismiss?: () => void }

export function ErrorReport({ error, onRetry, onDismiss }: Props) {
  const { host } = useWorkbench()
  const [copied, setCopied] = useState(false)
  const data = errorToData(error)
  const rows = [
    ['Where', data.where],
    ['Found', data.found],
    ['Expected', data.expected],
    ['Next', data.next]
  ].filter(([, text]) => text !== undefined)
  const details = [`${data.code}: ${explainError(data)}`, ...data.causes, data.stack ?? ''].join('\n')
  const copy = async (): Promise<void> => {
    await host.copyText(details)
    setCopied(true)
  }
  return (
    <Alert
      color="red"
      variant="light"
      title={data.message}
      role="alert"
      withCloseButton={onDismiss !== undefined}
      closeButtonLabel="Dismiss"
      {...(onDismiss !== undefined && { onClose: onDismiss })}
    >
      <Table withRowBorders={false} verticalSpacing={2} layout="fixed">
        <Table.Tbody>
          {rows.map(([title, text]) => (
            <Table.Tr key={title}>
              <Table.Th w={90} scope="row">
                {title}
              </Table.Th>
              <Table.Td>
                <Text size="sm" className="breakable">
                  {text}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group gap="xs" mt="xs">
        {onRetry !== undefined && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy details'}
        </Button>
      </Group>
    </Alert>
  )
}
