/** One model: what it is, what it can do and what stands in the way; in a long list only its head until asked for. */
import { Badge, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useInViewport } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { count } from '#renderer/components/numbers.ts'
import { RevealButton } from '#renderer/components/reveal-button.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { useAbilities } from './abilities.ts'
import { AbilityBadge } from './ability-badge.tsx'
import { hashingText, ModelFacts } from './model-facts.tsx'

type Props = { model: ModelEntry; isCompact: boolean; onRemove: () => void }

export function ModelCard({ model, isCompact, onRemove }: Props) {
  const { call, host } = useWorkbench()
  const { report } = model
  const { ref, inViewport } = useInViewport<HTMLDivElement>()
  const abilities = useAbilities(model, inViewport)
  const [isOpen, setOpen] = useState(false)
  const relocate = useMutation({
    mutationFn: async () => {
      const folder = await host.choose({ title: `Where is ${report.name} now?`, kind: 'folder' })
      if (folder !== null) await call('models.relocate', { id: model.id, folder })
    }
  })
  const isFull = isOpen || !isCompact
  const obstacles = abilities.flatMap(({ state, why }) => (state === 'no' ? why : []))
  return (
    <Card withBorder padding="md" component="article" aria-label={report.name} ref={ref}>
      <Stack gap="xs" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h5" className="breakable">
            {report.name}
          </Title>
          <Badge variant="default" tt="none" flex="none">
            {report.family}
          </Badge>
        </Group>
        {!isFull && (
          <Text size="sm" className="quiet">
            width {count(report.width)} · {count(report.vocabularySize)} tokens · {report.tokenizer.kind}
          </Text>
        )}
        <Group gap={6}>
          {model.missing && (
            <Badge color="red" variant="light" tt="none">
              folder is missing
            </Badge>
          )}
          {model.hashing !== null && (
            <Badge variant="default" tt="none" aria-busy>
              weights: {hashingText(model.hashing)}
            </Badge>
          )}
          {!model.missing &&
            abilities.map((ability) => <AbilityBadge key={ability.name} ability={ability} />)}
        </Group>
        {obstacles.length > 0 && (isFull || !model.missing) && (
          <List size="sm" spacing={2}>
            {obstacles.map((obstacle) => (
              <List.Item key={obstacle} className="breakable">
                {obstacle}
              </List.Item>
            ))}
          </List>
        )}
        {isFull && <ModelFacts model={model} />}
        <Failure of={relocate} />
        <Group gap="xs" mt="auto">
          {isCompact && (
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={isOpen}
              aria-label={`${isOpen ? 'Less' : 'More'} of ${report.name}`}
              onClick={() => setOpen(!isOpen)}
            >
              {isOpen ? 'Less' : 'More'}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant={model.missing ? 'filled' : 'subtle'}
            onClick={() => relocate.mutate()}
            loading={relocate.isPending}
            aria-label={`Relocate ${report.name}`}
          >
            Relocate
          </Button>
          {model.weights === null && !model.missing && <HashButton model={model} />}
          {!model.missing && <RevealButton path={model.reference.folder} name={report.name} />}
          <Button size="compact-sm" variant="subtle" onClick={onRemove} aria-label={`Remove ${report.name}`}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Card>
  )
}

/** Stops the hashing of weights, or starts it where it was stopped or failed. */
function HashButton({ model: { id, hashing, report } }: { model: ModelEntry }) {
  const { call } = useWorkbench()
  const text = hashing === null ? 'Hash weights' : 'Stop hashing'
  const change = useMutation({
    mutationFn: () => (hashing === null ? call('models.hashWeights', { id }) : call('models.stopHashing', {}))
  })
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      aria-label={`${text} of ${report.name}`}
      onClick={() => change.mutate()}
    >
      {text}
    </Button>
  )
}
