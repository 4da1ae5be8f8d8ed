/** The weights of the sources, each by a slider or as a number, with its share; the figures follow every move. */
import { Group, NumberInput, Slider, Stack, Text } from '@mantine/core'
import { percent } from '#renderer/components/numbers.ts'
import { type MixChoice, type MixSource, namesOf, weightOf } from './mix-choice.ts'

type Props = {
  sources: readonly MixSource[]
  weights: MixChoice['weights']
  onChange: (weights: MixChoice['weights']) => void
}

export function WeightSliders({ sources, weights, onChange }: Props) {
  const names = namesOf(sources)
  const total = sources.reduce((sum, source) => sum + weightOf(weights, source), 0)
  return (
    <Stack gap="xs" role="group" aria-label="Weights of the sources">
      {sources.map((source, index) => {
        const name = names[index] ?? ''
        const weight = weightOf(weights, source)
        const change = (value: number): void => onChange({ ...weights, [source.prompt.id]: value })
        return (
          <div key={source.prompt.id}>
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" truncate title={name}>
                {name}
              </Text>
              <Group gap="xs" wrap="nowrap" flex="none">
                <Text size="xs" className="quiet numeric">
                  {weight === 0 ? 'left out' : percent(weight / total)}
                </Text>
                <NumberInput
                  w={56}
                  aria-label={`Weight of ${name} as a number`}
                  min={0}
                  max={1}
                  step={0.05}
                  decimalScale={2}
                  clampBehavior="strict"
                  hideControls
                  value={weight}
                  onChange={(value) => typeof value === 'number' && change(value)}
                />
              </Group>
            </Group>
            <Slider
              min={0}
              max={1}
              step={0.01}
              size="sm"
              label={null}
              value={weight}
              onChange={change}
              thumbLabel={`Weight of ${name}`}
            />
          </div>
        )
      })}
    </Stack>
  )
}
