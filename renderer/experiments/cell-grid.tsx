/** The table of a section, every place as full as its cells are done. */
import { ScrollArea, Table, Title } from '@mantine/core'
import type { ProgressGrid } from '#preload/contract/experiment-methods.ts'
import './cell-grid.css'

export function CellGrid({ grid: { title, columns, rows } }: { grid: ProgressGrid }) {
  return (
    <div>
      <Title order={4} size="h6">
        {title}
      </Title>
      <ScrollArea.Autosize
        mah={320}
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': `Cells of ${title}` }}
      >
        <Table aria-label={title} className="cell-grid" withRowBorders={false} verticalSpacing={2}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Method and sources</Table.Th>
              {columns.map((column) => (
                <Table.Th key={column}>{column}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ label, cells }) => (
              <Table.Tr key={label}>
                <Table.Th scope="row">{label}</Table.Th>
                {columns.map((column, index) => {
                  const cell = cells[index] ?? null
                  return <Table.Td key={column}>{cell !== null && <Place {...cell} />}</Table.Td>
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </div>
  )
}

function Place({ done, planned }: { done: number; planned: number }) {
  return (
    <div className="cell-place" data-whole={done === planned}>
      <meter min={0} max={planned} value={done} aria-label={`${done} of ${planned}`} />
      {done}/{planned}
    </div>
  )
}
