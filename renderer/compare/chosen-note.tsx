/** Says which of the runs that are shown were chosen by looking at a split. */
import { Text } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { setOf } from '#renderer/runs/run-fields.ts'

/** `a + b → target` and the split of each set among the runs that a race chose, each once. */
function chosenSets(runs: readonly RunEntry[]): string[] {
  return [
    ...new Set(
      runs.flatMap((run) =>
        run.chosenOn === null ? [] : `${setOf(run)} → ${run.target}, chosen on ${run.chosenOn.split}`
      )
    )
  ]
}

const named = 3

export function ChosenNote({ runs }: { runs: readonly RunEntry[] }) {
  const sets = chosenSets(runs)
  if (sets.length === 0) return null
  const more = sets.length > named ? `, and ${count(sets.length - named)} more` : ''
  return (
    <Text size="xs" fw={600}>
      {`Not zero-shot: ${sets.slice(0, named).join('; ')}${more}.`}
    </Text>
  )
}
