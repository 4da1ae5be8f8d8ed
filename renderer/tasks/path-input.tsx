/** A file or folder as a field of a form: what was chosen, and a button to choose. */
import { Button, CloseButton, Code, Group, Input } from '@mantine/core'
import type { Choice } from '#preload/contract/host-abilities.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = {
  label: string
  description?: string
  choice: Choice
  value: string | null
  onChange: (path: string | null) => void
  /** While the host's own dialog is open, the keyboard is that one's. */
  onChoosing: (choosing: boolean) => void
}

export function PathInput({ label, description, choice, value, onChange, onChoosing }: Props) {
  const { host } = useWorkbench()
  const choose = async (): Promise<void> => {
    onChoosing(true)
    const path = await host.choose(choice)
    onChoosing(false)
    if (path !== null) onChange(path)
  }
  return (
    <Input.Wrapper label={label} description={description} labelElement="div">
      <Group gap="xs" wrap="nowrap" mt={4}>
        <Button
          variant="default"
          size="sm"
          flex="none"
          aria-label={`Choose: ${label}`}
          onClick={() => void choose()}
        >
          Choose
        </Button>
        {value !== null && (
          <>
            <Code className="breakable">{value}</Code>
            <CloseButton size="sm" aria-label={`Leave out: ${label}`} onClick={() => onChange(null)} />
          </>
        )}
      </Group>
    </Input.Wrapper>
  )
}
