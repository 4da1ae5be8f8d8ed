/** Facts about one thing, each with its name. */
import { Table } from '@mantine/core'

export type Fact = readonly [name: string, value: string | null]

type Props = {
  label: string
  /** Those without a value are left out. */
  facts: readonly Fact[]
  nameWidth?: number | string
}

export function FactTable({ label, facts, nameWidth = 120 }: Props) {
  return (
    <Table layout="fixed" verticalSpacing={4} aria-label={label}>
      <Table.Tbody>
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={nameWidth}>
                {name}
              </Table.Th>
              <Table.Td className="breakable">{value}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  )
}
