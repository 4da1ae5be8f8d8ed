/** Which average the figures of a scope show: of the examples, each once, or of the relations. */
import { SegmentedControl } from '@mantine/core'
import { type AverageKind, averageKinds } from '#engine/common/statistics/average.ts'

type Props = { value: AverageKind; onChange: (kind: AverageKind) => void }

/** What an average counts once. */
export const countedOnce: Record<AverageKind, string> = {
  micro: 'each example once (micro average)',
  macro: 'each relation once (macro average)'
}

export function AverageChoice({ value, onChange }: Props) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Average"
      title={`Averages count ${countedOnce[value]}`}
      data={averageKinds.map((kind) => ({ value: kind, label: kind }))}
      value={value}
      onChange={onChange}
    />
  )
}
