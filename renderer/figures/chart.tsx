/**
 * A picture with what belongs to it: a title, its data as a table for whoever can't or won't look, and ways out as
 * PNG, SVG, CSV and LaTeX.
 */
import { ActionIcon, Card, Group, Menu, ScrollArea, Table, Text, Title } from '@mantine/core'
import type { PlotlyHTMLElement } from 'plotly.js'
import { type ReactNode, useId, useRef, useState } from 'react'
import { toCsv } from '#engine/common/format/csv.ts'
import { toLatex } from '#engine/common/format/latex.ts'
import { shortNumber, type TableData } from '#engine/common/format/table.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Plot, type PlotProps } from './plot.tsx'

type Props = Omit<PlotProps, 'onDrawn'> & {
  title: string
  /** What the picture says, in a sentence. */
  summary?: string
  table: TableData
  /** Settings of the picture, beside its title. */
  controls?: ReactNode
}

/** As a paper prints it, with room for a column. */
const pictureWidth = 1000
const pictureScale = 2

function fileName(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}

/** The bytes of a data URL that plotly made. */
function decodeDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(',')
  const [head, body] = [url.slice(0, comma), url.slice(comma + 1)]
  if (!head.endsWith(';base64')) return new TextEncoder().encode(decodeURIComponent(body))
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
}

export function DataTable({ table, label }: { table: TableData; label: string }) {
  const rows = table.rows.map((row, index) => ({ key: `${index} ${row[0]}`, row }))
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
    </ScrollArea.Autosize>
  )
}

export function Chart({ title, summary, table, controls, ...plot }: Props) {
  const { host } = useWorkbench()
  const drawn = useRef<PlotlyHTMLElement>(null)
  const [asTable, setAsTable] = useState(false)
  const heading = useId()
  const name = fileName(title)
  const savePicture = async (format: 'png' | 'svg'): Promise<void> => {
    const { Plotly } = await import('./plotly-bundle.ts')
    if (drawn.current === null) return
    const url = await Plotly.toImage(drawn.current, {
      format,
      width: pictureWidth,
      height: plot.height * (pictureWidth / 800),
      scale: format === 'png' ? pictureScale : 1
    })
    await host.saveFile({ title: `Save ${title}`, name: `${name}.${format}`, data: decodeDataUrl(url) })
  }
  return (
    <Card withBorder padding="md" component="figure" m={0} aria-labelledby={heading}>
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
              <ActionIcon variant="default" aria-label={`Save or show ${title}`}>
                ⋯
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setAsTable(!asTable)}>
                {asTable ? 'Show as picture' : 'Show as table'}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item disabled={asTable} onClick={() => void savePicture('png')}>
                Save PNG
              </Menu.Item>
              <Menu.Item disabled={asTable} onClick={() => void savePicture('svg')}>
                Save SVG
              </Menu.Item>
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
      {asTable ? (
        <DataTable table={table} label={`Data of ${title}`} />
      ) : (
        <div role="img" aria-label={`${title}. ${summary ?? ''} The menu shows its data as a table.`}>
          <Plot {...plot} onDrawn={(element) => (drawn.current = element)} />
        </div>
      )}
    </Card>
  )
}
