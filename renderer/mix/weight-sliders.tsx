/** The weights of the sources, a slider each; the figures follow every move. */
import { Group, Slider, Stack, Text } from '@mantine/core'
import { type MixChoice, type MixSource, namesOf, weightOf } from './mix-choice.ts'

type Props = {
  sources: readonly MixSource[]
  weights: MixChoice['weights']
  onChange: (weights: MixChoice['weights']) => void
}

export function WeightSliders({ sources, weights, onChange }: Props) {
  const names = namesOf(sources)
  return (
    <Stack gap="xs" role="group" aria-label="Weights of the sources">
      {sources.map((source, index) => {
        const name = names[index] ?? ''
        const weight = weightOf(weights, source)
        return (
          <div key={source.prompt.id}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" truncate title={name}>
                {name}
              </Text>
              <Text size="sm" className="numeric">
                {weight === 0 ? 'left out' : weight.toFixed(2)}
              </Text>
            </Group>
            <Slider
              min={0}
              max={1}
              step={0.01}
              size="sm"
              label={null}
              value={weight}
              onChange={(value) => onChange({ ...weights, [source.prompt.id]: value })}
              thumbLabel={`Weight of ${name}`}
            />
          </div>
        )
      })}
    </Stack>
  )
}
