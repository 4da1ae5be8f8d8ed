/** The scope in one line: what was chosen of everything that tells runs apart. */
import { Button, Checkbox, Menu, Select } from '@mantine/core'
import { memo } from 'react'
import { setOrders } from '#engine/common/statistics/set-comparison.ts'
import { Toolbar } from '#renderer/components/screen.tsx'
import { type Tool, ToolRow } from '#renderer/components/tool-row.tsx'
import { ExportAll } from '#renderer/figures/export-all.tsx'
import { AverageChoice } from '#renderer/runs/average-choice.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import { FixedSettings, figureSettings, scopeTools } from '#renderer/runs/scope-settings.tsx'
import { type CombinationsView, metrics } from './combinations-view.ts'

type Props = {
  scope: Pick<Scope, 'settings' | 'runs'>
  targets: readonly string[]
  target: string
  view: Omit<CombinationsView, 'focus'>
  onView: (change: Partial<CombinationsView>) => void
  /** Of the scope, chosen or not. */
  relations: readonly string[]
  /** Names of the sets that were run. */
  sets: readonly string[]
}

const orderLabels = { accuracy: 'By accuracy', size: 'By size', gain: 'By gain' } as const

function find<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return values.find((one) => one === value)
}

/** A step to another set changes nothing here, and its fields know hundreds of sets. */
export const ScopeBar = memo(function ScopeBar({
  scope: { settings, runs },
  targets,
  target,
  view,
  onView,
  relations,
  sets
}: Props) {
  const against = find(sets, view.against) ?? null
  const tools: Tool[] = [
    {
      key: 'target',
      text: target,
      field: (
        <Select
          w={160}
          label="Target"
          allowDeselect={false}
          data={targets.toSorted()}
          value={target}
          onChange={(target) => onView({ target, focus: null, against: null })}
        />
      )
    },
    ...scopeTools(settings, (change) =>
      onView({ settings: { ...view.settings, ...change }, focus: null, against: null })
    ),
    {
      key: 'metric',
      text: view.metric,
      field: (
        <Select
          w={110}
          label="Metric"
          allowDeselect={false}
          data={[...metrics]}
          value={view.metric}
          onChange={(value) => onView({ metric: find(metrics, value) ?? 'P@1' })}
        />
      )
    },
    {
      key: 'average',
      text: view.average,
      field: <AverageChoice value={view.average} onChange={(average) => onView({ average })} />
    },
    {
      key: 'relations',
      text: relationsText(relations, view.without),
      field: (
        <RelationsMenu
          relations={relations}
          without={view.without}
          onWithout={(without) => onView({ without })}
        />
      )
    },
    {
      key: 'against',
      text: `against ${against ?? 'best single source'}`,
      field: (
        <Select
          w={190}
          label="Against"
          clearable
          placeholder="best single source"
          data={[...sets]}
          value={against}
          onChange={(against) => onView({ against })}
        />
      )
    },
    {
      key: 'order',
      text: orderLabels[view.order].toLowerCase(),
      field: (
        <Select
          w={160}
          label="Order"
          allowDeselect={false}
          data={setOrders.map((value) => ({ value, label: orderLabels[value] }))}
          value={view.order}
          onChange={(value) => onView({ order: find(setOrders, value) ?? 'accuracy' })}
        />
      )
    }
  ]
  return (
    <>
      <Toolbar>
        <ToolRow
          tools={tools}
          end={
            <ExportAll
              scope={{
                screen: 'Combinations',
                target,
                settings: [
                  ...figureSettings(settings),
                  { name: 'metric', value: view.metric, isChosen: true },
                  { name: 'average', value: view.average, isChosen: true },
                  { name: 'against', value: against ?? 'best single source', isChosen: false }
                ],
                runs: runs.length,
                relations: relations.length - view.without.length
              }}
            />
          }
        />
      </Toolbar>
      <FixedSettings settings={settings} />
    </>
  )
})

type RelationsProps = {
  relations: readonly string[]
  without: readonly string[]
  onWithout: (without: string[]) => void
}

function relationsText(relations: readonly string[], without: readonly string[]): string {
  const left = relations.filter((relation) => !without.includes(relation))
  return left.length === relations.length
    ? 'All relations'
    : `${left.length} of ${relations.length} relations`
}

function RelationsMenu({ relations, without, onWithout }: RelationsProps) {
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default">
          {`${relationsText(relations, without)} …`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} className="scrolls">
        <Menu.Item onClick={() => onWithout([])}>All</Menu.Item>
        {relations.map((relation) => (
          <Menu.Item
            key={relation}
            component="label"
            leftSection={
              <Checkbox
                size="xs"
                aria-label={relation}
                checked={!without.includes(relation)}
                onChange={(event) =>
                  onWithout(
                    event.currentTarget.checked
                      ? without.filter((one) => one !== relation)
                      : [...without, relation]
                  )
                }
              />
            }
          >
            {relation}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
