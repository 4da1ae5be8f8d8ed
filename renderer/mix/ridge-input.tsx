/** λ: a slider along its powers of ten, and the number itself. */
import { Group, Input, NumberInput, Slider } from '@mantine/core'
import { shortNumber } from '#engine/common/format/table.ts'
import { ridgeExponents } from './ridge-values.ts'

type Props = { ridge: number; onChange: (ridge: number) => void }

/** Two significant digits: finer than any effect. */
function ridgeAt(exponent: number): number {
  return Number((10 ** exponent).toPrecision(2))
}

export function RidgeInput({ ridge, onChange }: Props) {
  const { least, most } = ridgeExponents
  const exponent = ridge > 0 ? Math.min(most, Math.max(least, Math.log10(ridge))) : least
  return (
    <Input.Wrapper
      label="Ridge λ"
      description="Higher: less of the directions that barely count; 0: the optimum of Eq. 7"
      labelElement="div"
    >
      <Group gap="md" wrap="nowrap" mt={4}>
        <Slider
          flex={1}
          size="sm"
          min={least}
          max={most}
          step={0.1}
          label={null}
          value={exponent}
          onChange={(value) => onChange(ridgeAt(value))}
          thumbLabel="Ridge λ on a logarithmic scale"
          thumbValueText={shortNumber(ridge)}
        />
        <NumberInput
          w={96}
          size="xs"
          aria-label="Ridge λ"
          min={0}
          hideControls
          value={ridge}
          onChange={(value) => typeof value === 'number' && value >= 0 && onChange(value)}
        />
      </Group>
    </Input.Wrapper>
  )
}
