/** How far an experiment is, in words and by section. */
import { Progress, Stack, Table, Text } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { ExperimentPlanStatus, ExperimentStatus } from '#preload/contract/experiment-methods.ts'
import { bytes } from '#renderer/components/numbers.ts'

export function experimentSummary({
  cells,
  done,
  groupsLeft,
  tuningsLeft,
  secondsLeft
}: ExperimentStatus): string {
  if (done === cells) return `All ${count(cells)} cells are done.`
  const tunings = tuningsLeft === 0 ? '' : `, ${count(tuningsLeft)} prompts to tune among them`
  const time = secondsLeft === null ? '' : `; about ${durationText(secondsLeft)} left`
  return `${count(done)} of ${count(cells)} cells are done; ${count(groupsLeft)} work groups are left${tunings}${time}.`
}

export function ExperimentProgress({ status }: { status: ExperimentPlanStatus }) {
  return (
    <Stack gap="xs">
      <Text size="sm" role="status">
        {experimentSummary(status)} The models share {count(status.sharedAnchors)} words.
        {status.groupsLeft > 0 && ` A work group takes up to ${bytes(status.bytes)} of memory.`}
      </Text>
      <Table aria-label={`Sections of ${status.name}`} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Section</Table.Th>
            <Table.Th className="numeric">Cells</Table.Th>
            <Table.Th className="numeric">Done</Table.Th>
            <Table.Th w="40%">Progress</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {status.sections.map(({ name, cells, done }) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td className="numeric">{count(cells)}</Table.Td>
              <Table.Td className="numeric">{count(done)}</Table.Td>
              <Table.Td>
                <Progress
                  value={cells === 0 ? 100 : (100 * done) / cells}
                  aria-label={`${name}: ${done} of ${cells} cells`}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
