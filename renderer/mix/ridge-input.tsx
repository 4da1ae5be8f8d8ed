/** λ: a slider along its powers of ten, and the number itself. */
import { Group, Input, Slider, TextInput } from '@mantine/core'
import { useState } from 'react'
import { shortNumber } from '#engine/common/format/table.ts'
import { isRidge, parseNumbers } from './grid/number-list.ts'
import { ridgeExponents } from './ridge-values.ts'

type Props = { ridge: number; onChange: (ridge: number) => void }

/** Two significant digits: finer than any effect. */
function ridgeAt(exponent: number): number {
  return Number((10 ** exponent).toPrecision(2))
}

/** The number that a text is, or null: `0.01`, `1e-3`, and nothing that only begins like one. */
function ridgeOf(text: string): number | null {
  const numbers = parseNumbers(text, isRidge)
  return numbers?.length === 1 ? (numbers[0] ?? null) : null
}

export function RidgeInput({ ridge, onChange }: Props) {
  const { least, most } = ridgeExponents
  const exponent = ridge > 0 ? Math.min(most, Math.max(least, Math.log10(ridge))) : least
  // What is typed is kept while it is no number yet, or the same one written otherwise.
  const [typed, setTyped] = useState<string | null>(null)
  const isTyped = typed !== null && (ridgeOf(typed) === null || ridgeOf(typed) === ridge)
  const text = isTyped ? typed : shortNumber(ridge)
  const type = (value: string): void => {
    setTyped(value)
    const wanted = ridgeOf(value)
    if (wanted !== null) onChange(wanted)
  }
  return (
    <Input.Wrapper
      label="Ridge λ"
      description="Higher λ damps low-variance directions; 0 is the optimum of Eq. 7"
      labelElement="div"
    >
      <Group gap="md" wrap="nowrap" mt={4} align="flex-start">
        <Slider
          flex={1}
          size="sm"
          min={least}
          max={most}
          step={0.1}
          label={null}
          value={exponent}
          onChange={(value) => {
            setTyped(null)
            onChange(ridgeAt(value))
          }}
          thumbLabel="Ridge λ on a logarithmic scale"
          thumbValueText={shortNumber(ridge)}
        />
        <TextInput
          w={96}
          size="xs"
          aria-label="Ridge λ"
          inputMode="decimal"
          value={text}
          error={ridgeOf(text) === null && 'From 0 on: 0.01'}
          onChange={(event) => type(event.currentTarget.value)}
        />
      </Group>
    </Input.Wrapper>
  )
}
