/** How far a computation is that takes seconds, what it is at, and a way to end it. */
import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import type { Progress as Done } from '#engine/common/contract/engine-methods.ts'

type Props = {
  /** What the bar measures, for a screen reader. */
  label: string
  /** Null: nothing was heard of it yet. */
  progress: Done | null
  /** What is done with what the progress names, as “Comparing”. */
  doing: string
  onCancel: () => void
}

export function WorkProgress({ label, progress, doing, onCancel }: Props) {
  const share = progress === null || progress.total === 0 ? 0 : progress.done / progress.total
  return (
    <Group gap="xs" wrap="nowrap" maw={480}>
      <Stack gap={2} flex={1}>
        <Progress value={100 * share} size="sm" aria-label={label} />
        <Text size="sm" role="status">
          {progress === null ? 'Opening the models …' : `${doing} ${progress.label} …`}
        </Text>
      </Stack>
      <Button size="compact-sm" variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </Group>
  )
}
