/** One model: family, width, vocabulary, statistics, tokenizer, what it can do and what stands in the way. */
import { Badge, Button, Card, Group, List, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ModelEntry } from '../../preload/contract/model-methods.ts'
import { ErrorReport } from '../components/error-report.tsx'
import { count, figure } from '../components/numbers.ts'
import { useWorkbench } from '../connection/workbench.tsx'

type Props = { model: ModelEntry; onRemove: () => void }

export function ModelCard({ model, onRemove }: Props) {
  const { call, host } = useWorkbench()
  const { report } = model
  const relocate = useMutation({
    mutationFn: async () => {
      const folder = await host.choose({ title: `Where is ${report.name} now?`, kind: 'folder' })
      if (folder !== null) await call('models.relocate', { id: model.id, folder })
    }
  })
  const canQuery = report.graph.file !== null
  const remarks = [...(report.graph.note === '' ? [] : [report.graph.note]), ...report.notes]
  const padding = report.paddingRows === 0 ? '' : `, ${count(report.paddingRows)} without a token`
  const facts: readonly (readonly [string, string])[] = [
    ['Width', count(report.width)],
    ['Vocabulary', `${count(report.vocabularySize)} tokens${padding}`],
    ['Mean', figure(report.mean)],
    ['Standard deviation', figure(report.standardDeviation)],
    ['Tokenizer', `${report.tokenizer.kind}${report.tokenizer.lowercases ? ', lower-cases' : ''}`],
    ['Mask token', report.tokenizer.maskToken ?? 'none'],
    ['Table', `${report.table.tensor} (${report.table.dtype})`]
  ]
  return (
    <Card withBorder component="article" aria-label={report.name}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h4" className="breakable">
            {report.name}
          </Title>
          <Badge variant="default">{report.family}</Badge>
        </Group>
        {model.missing && (
          <Badge color="red" variant="light">
            folder is missing
          </Badge>
        )}
        <Table verticalSpacing={4} layout="fixed">
          <Table.Tbody>
            {facts.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w="42%">
                  {name}
                </Table.Th>
                <Table.Td className="breakable">{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Group gap="xs">
          <Badge variant="light">carry</Badge>
          <Badge variant={canQuery ? 'light' : 'default'}>{canQuery ? 'query and tune' : 'no query'}</Badge>
        </Group>
        {remarks.length > 0 && (
          <List size="sm">
            {remarks.map((remark) => (
              <List.Item key={remark} className="breakable">
                {remark}
              </List.Item>
            ))}
          </List>
        )}
        {relocate.error !== null && <ErrorReport error={relocate.error} />}
        <Text size="xs" className="quiet breakable" mt="auto">
          {model.reference.folder}
        </Text>
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => relocate.mutate()}
            loading={relocate.isPending}
            aria-label={`Relocate ${report.name}`}
          >
            Relocate
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={onRemove} aria-label={`Remove ${report.name}`}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}
