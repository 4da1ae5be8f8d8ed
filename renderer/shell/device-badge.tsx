/** The device that computes, and what the others did when they were measured. */
import { Popover, Table, Text } from '@mantine/core'
import { IconCpu } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

export function DeviceBadge() {
  const { call } = useWorkbench()
  const devices = useQuery({ queryKey: ['devices'], queryFn: () => call('devices.list', {}) })
  const { data } = devices
  if (data === undefined) return <span className="quiet">measuring devices …</span>
  const chosen = data.find((device) => device.chosen)
  return (
    <Popover width={420} position="top-end" withArrow withRoles={false}>
      <Popover.Target>
        <button type="button" className="status-item">
          <IconCpu size={14} stroke={1.5} aria-hidden />
          Device: {chosen?.name ?? 'none'}
        </button>
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
