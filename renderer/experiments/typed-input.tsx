/** A field whose text becomes the setting when it is left or entered: half a number is no setting. */
import { TextInput } from '@mantine/core'
import { useState } from 'react'

/** A number where it is one, else the text: what is wrong is told at its line. */
export function readValue(text: string): number | string {
  const number = Number(text)
  return text.trim() !== '' && Number.isFinite(number) ? number : text.trim()
}

type Props = {
  label?: string
  /** Where its place says what it is. */
  hiddenLabel?: string
  value: string
  placeholder?: string
  onDone: (value: string) => void
}

export function TypedInput({ label, hiddenLabel, value, placeholder, onDone }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  const done = (): void => {
    if (typed !== null && typed !== value) onDone(typed)
    setTyped(null)
  }
  return (
    <TextInput
      label={label}
      aria-label={hiddenLabel}
      placeholder={placeholder ?? ''}
      value={typed ?? value}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={done}
      onKeyDown={({ key }) => key === 'Enter' && done()}
    />
  )
}
