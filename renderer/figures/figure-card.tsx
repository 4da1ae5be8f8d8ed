/**
 * The frame of a figure: its title, its data as a table for whoever can't or won't look, and ways out as PDF, SVG, PNG,
 * CSV and LaTeX.
 */
import { ActionIcon, Card, Group, Menu, ScrollArea, Table, Text, Title } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'
import { toCsv } from '#engine/common/format/csv.ts'
import { toLatex } from '#engine/common/format/latex.ts'
import { shortNumber, type TableData } from '#engine/common/format/table.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { fileName } from './archive-text.ts'
import { type DrawnFormat, drawnFile } from './drawn-files.ts'
import { useShownFigure } from './figure-set.tsx'
import { paperWidths } from './look.ts'
import './figures.css'

export type FigureText = {
  title: string
  /** What the figure says, in a sentence. */
  summary?: string
  /** The same for a paper, where it says more than that on the screen or less. */
  caption?: string
  table: TableData
  /** Settings of the figure, beside its title. */
  controls?: ReactNode
}

type Props = FigureText & {
  /** The figure as SVG for paper, so many points wide where it has room in that. */
  draw: (width: number) => string | Promise<string>
  children: ReactNode
}

type PaperFile = { readonly label: string; readonly format: DrawnFormat; readonly width: number }

const paperFiles: readonly PaperFile[] = [
  { label: 'Save PDF', format: 'pdf', width: paperWidths.both },
  { label: 'Save PDF, one column', format: 'pdf', width: paperWidths.one },
  { label: 'Save SVG', format: 'svg', width: paperWidths.both },
  { label: 'Save PNG', format: 'png', width: paperWidths.both }
]

/** A page of some thousand rows that grows while it is read would do nothing else. */
const mostRows = 500

export function DataTable({ table, label }: { table: TableData; label: string }) {
  const rows = table.rows.slice(0, mostRows).map((row, index) => ({ key: `${index} ${row[0]}`, row }))
  const left = table.rows.length - rows.length
  return (
    <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': label }}>
      <Table aria-label={label} stickyHeader striped>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, row }) => (
            <Table.Tr key={key}>
              {table.columns.map((column, at) => {
                const value = row[at] ?? null
                return (
                  <Table.Td key={column} className={typeof value === 'number' ? 'numeric' : undefined}>
                    {typeof value === 'number' ? shortNumber(value) : (value ?? '–')}
                  </Table.Td>
                )
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {left > 0 && (
        <Text size="sm" className="quiet" p="xs">
          {left} more rows are in the CSV file.
        </Text>
      )}
    </ScrollArea.Autosize>
  )
}

export function FigureCard({
  title,
  summary,
  caption = summary ?? '',
  table,
  controls,
  draw,
  children
}: Props) {
  const { host } = useWorkbench()
  const [asTable, setAsTable] = useState(false)
  const heading = useId()
  const name = fileName(title)
  useShownFigure({ title, caption, table, draw })
  const save = async ({ format, width }: PaperFile): Promise<void> => {
    const data = await drawnFile(await draw(width), format)
    await host.saveFile({ title: `Save ${title}`, name: `${name}.${format}`, data })
  }
  return (
    <Card className="figure-frame" withBorder padding="sm" component="figure" m={0} aria-labelledby={heading}>
      <Group justify="space-between" align="flex-start" mb="xs" wrap="nowrap">
        <div>
          <Title order={2} size="h5" id={heading}>
            {title}
          </Title>
          {summary !== undefined && (
            <Text size="sm" className="quiet">
              {summary}
            </Text>
          )}
        </div>
        <Group gap="xs" wrap="nowrap">
          {controls}
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="default" aria-label={`Export ${title}`}>
                <IconDots size={16} stroke={1.5} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsTable(!asTable)}>
                {asTable ? 'Show as picture' : 'Show as table'}
              </Menu.Item>
              <Menu.Divider />
              {paperFiles.map((file) => (
                <Menu.Item key={file.label} disabled={asTable} onClick={() => void save(file)}>
                  {file.label}
                </Menu.Item>
              ))}
              <Menu.Item
                onClick={() =>
                  void host.saveFile({ title: `Save ${title}`, name: `${name}.csv`, data: toCsv(table) })
                }
              >
                Save data as CSV
              </Menu.Item>
              <Menu.Item onClick={() => void host.copyText(toLatex(table, title))}>
                Copy as LaTeX table
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      {asTable ? <DataTable table={table} label={`Data of ${title}`} /> : children}
    </Card>
  )
}
