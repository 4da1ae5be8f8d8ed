/** The device that computes, and what the others did when they were measured. */
import { Badge, Button, Popover, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

export function DeviceBadge() {
  const { call } = useWorkbench()
  const devices = useQuery({ queryKey: ['devices'], queryFn: () => call('devices.list', {}) })
  const { data } = devices
  if (data === undefined) return <Badge variant="default">measuring devices …</Badge>
  const chosen = data.find((device) => device.chosen)
  return (
    <Popover width={420} position="bottom-end" withArrow withRoles={false}>
      <Popover.Target>
        <Button size="compact-sm" variant="subtle">
          Device: {chosen?.name ?? 'none'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" mb="xs">
          Each device was measured on the method’s own product and checked against the CPU.
        </Text>
        <Table aria-label="Devices">
          <Table.Tbody>
            {data.map(({ name, seconds, note }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td className="numeric">
                  {seconds === null ? '–' : `${(1000 * seconds).toFixed(1)} ms`}
                </Table.Td>
                <Table.Td>{note}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Popover.Dropdown>
    </Popover>
  )
}
