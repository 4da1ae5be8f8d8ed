/** What the anchors make of the target, and what there is to know of the transfer. */
import { List, Spoiler, Text } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import { figure } from '#renderer/components/numbers.ts'
import type { MixSides } from './mix-choice.ts'
import { useSpaceReport } from './use-basis.ts'

export function SpaceNotes({ sides }: { sides: MixSides }) {
  const { data } = useSpaceReport(sides)
  if (data === undefined) return null
  const { anchorsUsed, anchorsKept, effectiveRank, condition, notes } = data.report
  const kept = anchorsKept === anchorsUsed ? '' : `, ${count(anchorsKept)} kept per vector`
  const number = condition === null ? 'rank deficient' : `condition number ${figure(condition)}`
  return (
    <>
      <Text size="sm" className="quiet">
        {count(anchorsUsed)} anchors{kept}; effective rank {effectiveRank.toFixed(1)}, {number}; on{' '}
        {data.device}
      </Text>
      {notes.length > 0 && (
        <Spoiler maxHeight={66} showLabel={`All ${notes.length} remarks`} hideLabel="Fewer">
          <List size="sm">
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </Spoiler>
      )}
    </>
  )
}
