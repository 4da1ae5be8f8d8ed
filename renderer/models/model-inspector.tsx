/** One model in full: what it is, what it can do and what stands in the way, and what can be done about it. */
import { Badge, Button, Group, List, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { RevealButton } from '#renderer/components/reveal-button.tsx'
import { Inspector } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { useAbilities } from './abilities.ts'
import { AbilityBadge } from './ability-badge.tsx'
import { hashingText, ModelFacts } from './model-facts.tsx'

type Props = { model: ModelEntry; onClose: () => void; onRemove: () => void }

export function ModelInspector({ model, onClose, onRemove }: Props) {
  const { call, host } = useWorkbench()
  const { report } = model
  const abilities = useAbilities(model, true)
  const relocate = useMutation({
    mutationFn: async () => {
      const folder = await host.choose({ title: `Where is ${report.name} now?`, kind: 'folder' })
      if (folder !== null) await call('models.relocate', { id: model.id, folder })
    }
  })
  const obstacles = abilities.flatMap(({ state, why }) => (state === 'no' ? why : []))
  return (
    <Inspector title={report.name} onClose={onClose}>
      <Stack gap="xs" component="article" aria-label={report.name}>
        <Group gap={6}>
          <Badge variant="default" tt="none">
            {report.family}
          </Badge>
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
        {obstacles.length > 0 && (
          <List size="sm" spacing={2}>
            {obstacles.map((obstacle) => (
              <List.Item key={obstacle} className="breakable">
                {obstacle}
              </List.Item>
            ))}
          </List>
        )}
        <ModelFacts model={model} />
        <Failure of={relocate} />
        <Group gap="xs">
          <Button
            variant={model.missing ? 'filled' : 'default'}
            onClick={() => relocate.mutate()}
            loading={relocate.isPending}
            aria-label={`Relocate ${report.name}`}
          >
            Relocate
          </Button>
          {model.weights === null && !model.missing && <HashButton model={model} />}
          {!model.missing && <RevealButton path={model.reference.folder} name={report.name} />}
          <Button variant="default" onClick={onRemove} aria-label={`Remove ${report.name}`}>
            Remove
          </Button>
        </Group>
      </Stack>
    </Inspector>
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
    <Button variant="default" aria-label={`${text} of ${report.name}`} onClick={() => change.mutate()}>
      {text}
    </Button>
  )
}
