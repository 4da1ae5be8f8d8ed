/** What can be done with the chosen runs, or with those in sight: tags, archive, removal, export, report, comparison. */
import { Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { compareViewSchema } from '#renderer/compare/compare-view.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { useReport } from '#renderer/components/report-buttons.tsx'
import { type Tool, ToolRow } from '#renderer/components/tool-row.tsx'
import { goTo } from '#renderer/connection/address.ts'
import { useView } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { ExportDialog } from '#renderer/export/export-dialog.tsx'
import type { RunsView } from './runs-view.ts'
import { TagDialog } from './tag-dialog.tsx'

type Props = {
  view: RunsView
  onView: (change: Partial<RunsView>) => void
  runs: readonly RunEntry[]
  chosen: readonly RunEntry[]
  /** What is chosen is about to go. */
  onRemove: () => void
  /** Whether `runs` are all of the project. */
  isAll: boolean
  /** What is in sight, before the actions. */
  text: ReactNode
}

export function RunActions({ runs, chosen, onRemove, isAll, text, view, onView }: Props) {
  const { call } = useWorkbench()
  const [, setCompared] = useView('compare', compareViewSchema)
  const [dialog, setDialog] = useState<'tag' | 'export' | null>(null)
  const repeat = useMutation({
    mutationFn: () => call('runs.repeat', { ids: chosen.map(({ id }) => id) })
  })
  const removal = useRemoval(
    (gone: readonly RunEntry[]) => call('runs.remove', { ids: gone.map(({ id }) => id) }),
    (gone) => ({
      title: gone.length === 1 ? `${gone[0]?.name} was removed` : `${count(gone.length)} runs were removed`,
      text: 'Their prompts and files stay.'
    })
  )
  const allArchived = chosen.length > 0 && chosen.every(({ archived }) => archived)
  const archive = useMutation({
    mutationFn: () => call('runs.archive', { ids: chosen.map(({ id }) => id), archived: !allArchived })
  })
  const compare = (): void => {
    // What is compared is what is seen: the chosen rows, or those that the filter leaves.
    setCompared({ runIds: isAll ? null : runs.map(({ id }) => id) })
    goTo('/compare')
  }
  const evaluated = runs.filter(({ scores }) => scores !== null)
  const report = useReport({
    name: isAll ? 'all runs' : `${count(runs.length)} runs`,
    reported: { runIds: evaluated.map(({ id }) => id) },
    disabled: evaluated.length === 0,
    size: 'compact-xs'
  })
  const [only] = chosen
  const isBaseline = only !== undefined && view.baselineId === only.id
  const promptIds = chosen.flatMap(({ promptId }) => (promptId === null ? [] : [promptId]))
  const action = (
    label: string,
    act: () => void,
    { isPending = false, isOff = chosen.length === 0 } = {}
  ): Tool => ({
    key: label,
    text: label,
    field: (
      <Button size="compact-xs" variant="default" disabled={isOff} loading={isPending} onClick={() => act()}>
        {label}
      </Button>
    )
  })
  const tools: Tool[] = [
    {
      key: 'report',
      text: 'Report',
      field: (
        <Group gap={6} wrap="nowrap">
          {report.buttons}
        </Group>
      )
    },
    action('Tag …', () => setDialog('tag')),
    action('Run again', repeat.mutate, repeat),
    action(allArchived ? 'Unarchive' : 'Archive', archive.mutate, archive),
    action('Remove', () => {
      removal.remove(chosen)
      onRemove()
    }),
    action('Export …', () => setDialog('export'), { isOff: promptIds.length === 0 }),
    // Behind the others, which stay where they are.
    ...(chosen.length === 1 && !isBaseline
      ? [action('Make it the baseline', () => onView({ baselineId: only?.id ?? null }))]
      : []),
    ...(view.baselineId === null
      ? []
      : [action('No baseline', () => onView({ baselineId: null }), { isOff: false })])
  ]
  return (
    <>
      <div className="selection-bar">
        {text}
        <ToolRow tools={tools} />
        <Button size="compact-xs" onClick={compare}>
          Compare {isAll ? 'all' : count(runs.length)}
        </Button>
      </div>
      <Failure of={repeat} about={chosen.map(({ id }) => id)} />
      <Failure of={archive} about={chosen.map(({ id }) => id)} />
      {report.outcome}
      <RemovalNotice removal={removal} />
      <TagDialog runs={chosen} opened={dialog === 'tag'} onClose={() => setDialog(null)} />
      <ExportDialog promptIds={promptIds} opened={dialog === 'export'} onClose={() => setDialog(null)} />
    </>
  )
}
