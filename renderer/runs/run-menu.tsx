/** What can be done with one run: in its inspector behind a button, in the table by a right click. */
import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { ProjectLists } from '#renderer/components/project-lists.tsx'
import { goTo } from '#renderer/connection/address.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useView } from '#renderer/connection/view.ts'
import { mixChoiceSchema } from '#renderer/mix/mix-choice.ts'
import { mixOfRun } from '#renderer/mix/mix-of-runs.ts'
import { RenameDialog } from './rename-dialog.tsx'
import { runsViewSchema } from './runs-view.ts'

/** A place of the page, in pixels. */
export type Place = { readonly x: number; readonly y: number }

type MenuProps = {
  run: RunEntry
  /** Where a right click asked for it; null: behind a button. */
  at: Place | null
  onClose?: () => void
  /** Shows the run in full; left out where it is shown. */
  onOpen?: (run: RunEntry) => void
}

export function RunMenu({ run, at, onClose, onOpen }: MenuProps) {
  const [view, setView] = useView('runs', runsViewSchema)
  const [isRenamed, setRenamed] = useState(false)
  const isBaseline = view.baselineId === run.id
  return (
    <>
      {/* A dialog outlives the menu that opened it. */}
      {isRenamed ? (
        <RenameDialog
          run={run}
          onClose={() => {
            setRenamed(false)
            onClose?.()
          }}
        />
      ) : null}
      <Menu
        position="bottom-end"
        withinPortal
        {...(at === null ? {} : { opened: !isRenamed, position: 'bottom-start', onClose: () => onClose?.() })}
      >
        <Menu.Target>
          {at === null ? (
            <ActionIcon variant="subtle" size="sm" aria-label="What can be done with the run">
              <IconDots size={16} stroke={1.5} aria-hidden />
            </ActionIcon>
          ) : (
            <span style={{ position: 'fixed', insetInlineStart: at.x, insetBlockStart: at.y }} />
          )}
        </Menu.Target>
        <Menu.Dropdown>
          {onOpen !== undefined && <Menu.Item onClick={() => onOpen(run)}>Open</Menu.Item>}
          <ProjectLists>{(lists) => <DuplicateInMix run={run} lists={lists} />}</ProjectLists>
          <Menu.Item onClick={() => setView({ baselineId: isBaseline ? null : run.id })}>
            {isBaseline ? 'No baseline' : 'Make it the baseline'}
          </Menu.Item>
          <Menu.Item closeMenuOnClick={at === null} onClick={() => setRenamed(true)}>
            Rename …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function DuplicateInMix({ run, lists }: { run: RunEntry; lists: Lists }) {
  const [, setMix] = useView('mix', mixChoiceSchema)
  const mix = mixOfRun(run, lists)
  return (
    <Menu.Item
      disabled={mix === null}
      title={
        mix === null
          ? 'Mix takes transfers by the exact search, while the project holds their prompts, target and anchors.'
          : undefined
      }
      onClick={() => {
        if (mix !== null) setMix(mix)
        goTo('/mix')
      }}
    >
      Duplicate in Mix
    </Menu.Item>
  )
}
