/** The frame of a screen: its title, its actions, and what it shows while there is nothing. */
import { Card, Group, Loader, Stack, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorReport } from './error-report.tsx'

type ScreenProps = { title: string; lead: string; actions?: ReactNode; children: ReactNode }

export function Screen({ title, lead, actions, children }: ScreenProps) {
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          <Text className="quiet">{lead}</Text>
        </div>
        <Group>{actions}</Group>
      </Group>
      {children}
    </Stack>
  )
}

type EmptyProps = { title: string; text: string; action?: ReactNode }

export function EmptyState({ title, text, action }: EmptyProps) {
  return (
    <Card withBorder padding="xl">
      <Stack align="center" gap="xs" py="lg">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text className="quiet" ta="center" maw={520}>
          {text}
        </Text>
        {action}
      </Stack>
    </Card>
  )
}

type AnswerProps<T> = { query: UseQueryResult<T>; children: (data: T) => ReactNode }

/** What an answer shows once it is there; until then that it is awaited, or why it did not come. */
export function Answer<T>({ query, children }: AnswerProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorReport error={query.error} onRetry={() => void query.refetch()} />
  return <Loader role="status" aria-label="Loading" />
}
