/** The settings of a mixture: sources with their weights, target, anchors, k, ridge, rescale. */
import { Checkbox, Group, MultiSelect, NumberInput, Select, Slider, Stack, Text } from '@mantine/core'
import { type MixChoice, type MixLists, modelOf } from './mix-choice.ts'

type Props = { choice: MixChoice; lists: MixLists; onChange: (choice: MixChoice) => void }

export function MixForm({ choice, lists, onChange }: Props) {
  const { models, prompts, sets } = lists
  const named = prompts
    .filter((prompt) => modelOf(prompt, models) !== undefined)
    .map((prompt) => ({ value: prompt.id, label: `${prompt.name} · ${prompt.model.name ?? ''}` }))
  return (
    <Stack>
      <MultiSelect
        label="Prompts of the sources"
        searchable
        data={named}
        value={[...choice.promptIds]}
        onChange={(promptIds) => onChange({ ...choice, promptIds })}
      />
      {choice.promptIds.map((id) => {
        const name = named.find(({ value }) => value === id)?.label ?? id
        const weight = choice.weights[id] ?? 1
        const set = (value: number): void =>
          onChange({ ...choice, weights: { ...choice.weights, [id]: value } })
        return (
          <div key={id}>
            <Group justify="space-between">
              <Text size="sm">{name}</Text>
              <Text size="sm" className="numeric">
                {weight.toFixed(2)}
              </Text>
            </Group>
            <Slider
              min={0.01}
              max={1}
              step={0.01}
              label={null}
              value={weight}
              onChange={set}
              thumbLabel={`Weight of ${name}`}
            />
          </div>
        )
      })}
      <Select
        label="Target"
        data={models.map(({ id, report }) => ({ value: id, label: report.name }))}
        value={choice.targetId}
        onChange={(targetId) => onChange({ ...choice, targetId })}
      />
      <Select
        label="Anchor set"
        data={sets.map(({ id, name, count }) => ({ value: id, label: `${name} (${count})` }))}
        value={choice.anchorSetId}
        onChange={(anchorSetId) => onChange({ ...choice, anchorSetId })}
      />
      <Group grow align="start">
        <NumberInput
          label="k, anchors kept per vector"
          placeholder="all"
          min={1}
          allowDecimal={false}
          value={choice.kept ?? ''}
          onChange={(value) =>
            onChange({ ...choice, kept: typeof value === 'number' && value >= 1 ? value : null })
          }
        />
        <NumberInput
          label="Ridge λ"
          min={0}
          step={0.05}
          value={choice.ridge}
          onChange={(value) =>
            onChange({ ...choice, ridge: typeof value === 'number' && value >= 0 ? value : 0 })
          }
        />
      </Group>
      <Checkbox
        label="Rescale to the target’s statistics (Eq. 6)"
        checked={choice.rescale === 'after'}
        onChange={(event) => onChange({ ...choice, rescale: event.currentTarget.checked ? 'after' : 'none' })}
      />
    </Stack>
  )
}
