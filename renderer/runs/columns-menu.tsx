/** Which columns the table of runs has, and the way out of it as a table of these. */
import { Button, Checkbox, Group, Menu, Switch } from '@mantine/core'
import { toCsv } from '#engine/common/format/csv.ts'
import { toLatex } from '#engine/common/format/latex.ts'
import type { TableData } from '#engine/common/format/table.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { runFields } from './run-fields.ts'
import { type RunsView, runsViewSchema } from './runs-view.ts'

/** How columns are at first. */
const { hidden, pinned, order, widths } = runsViewSchema.parse({})

type Props = {
  view: RunsView
  onView: (change: Partial<RunsView>) => void
  /** The runs that are chosen, or in sight, in these columns. */
  tableOf: () => TableData
}

export function ColumnsMenu({ view, onView, tableOf }: Props) {
  const { host } = useWorkbench()
  const toggle = (list: readonly string[], key: string, on: boolean): string[] =>
    on ? [...list, key] : list.filter((other) => other !== key)
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button variant="default">Columns</Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} className="scrolls">
        <Switch
          px="sm"
          py={4}
          size="xs"
          label="Varying columns only"
          checked={view.differencesOnly}
          onChange={(event) => onView({ differencesOnly: event.currentTarget.checked })}
        />
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick
          title="The chosen runs, or all in sight, each a row"
          onClick={() =>
            void host.saveFile({ title: 'Save the runs', name: 'runs.csv', data: toCsv(tableOf()) })
          }
        >
          Save runs as CSV
        </Menu.Item>
        <Menu.Item closeMenuOnClick onClick={() => void host.copyText(toLatex(tableOf(), 'Runs'))}>
          Copy runs as LaTeX table
        </Menu.Item>
        <Menu.Divider />
        {runFields.map(({ key, title }) => (
          <Group key={key} px="sm" py={4} gap="lg" wrap="nowrap">
            <Checkbox
              size="xs"
              w={130}
              label={title}
              checked={!view.hidden.includes(key)}
              disabled={key === 'name'}
              onChange={(event) => onView({ hidden: toggle(view.hidden, key, !event.currentTarget.checked) })}
            />
            <Checkbox
              size="xs"
              label="pinned"
              aria-label={`${title} pinned`}
              checked={view.pinned.includes(key)}
              onChange={(event) => onView({ pinned: toggle(view.pinned, key, event.currentTarget.checked) })}
            />
          </Group>
        ))}
        <Menu.Divider />
        <Menu.Item closeMenuOnClick onClick={() => onView({ hidden, pinned, order, widths })}>
          As at first
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
