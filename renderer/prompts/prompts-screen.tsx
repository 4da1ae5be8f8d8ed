/** The prompts of the project: a table with filters, the import, tuning, and one prompt in detail. */
import { Button } from '@mantine/core'
import { useCallback, useState } from 'react'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { FileDrop } from '#renderer/components/file-drop.tsx'
import { count } from '#renderer/components/numbers.ts'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { Answer, EmptyState, Inspector, Screen } from '#renderer/components/screen.tsx'
import { goTo, useOpened } from '#renderer/connection/address.ts'
import { usePrompts } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { ExportDialog } from '#renderer/export/export-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { PromptDetails } from './prompt-details.tsx'
import { PromptTable } from './prompt-table.tsx'
import { TuneDialog } from './tuning/tune-dialog.tsx'
import { TuningNow } from './tuning/tuning-now.tsx'

function removalTitle(prompts: readonly PromptSummary[]): string {
  const [first] = prompts
  return prompts.length === 1 ? `${first?.name} was removed` : `${count(prompts.length)} prompts were removed`
}

export function PromptsScreen() {
  const { call } = useWorkbench()
  const prompts = usePrompts()
  const [importing, setImporting] = useState<{ dropped: string | null } | null>(null)
  const [exported, setExported] = useState<readonly PromptSummary[]>([])
  const [isTuning, setTuning] = useState(false)
  const [opened, open] = useOpened()
  const shown = prompts.data?.find(({ id }) => id === opened)
  const show = useCallback(({ id }: PromptSummary) => goTo('/prompts', id), [])
  const removal = useRemoval(
    (gone: readonly PromptSummary[]) => call('prompts.remove', { ids: gone.map(({ id }) => id) }),
    (gone) => ({ title: removalTitle(gone), text: 'Files and runs were not touched.' })
  )
  return (
    <Screen
      title="Prompts"
      lead="Continuous prompts, each belonging to one model of the project."
      actions={
        <>
          <Button variant="default" onClick={() => setTuning(true)}>
            Tune prompt
          </Button>
          <Button onClick={() => setImporting({ dropped: null })}>Import prompts</Button>
        </>
      }
    >
      <FileDrop
        hint="Drop a prompt file, or a folder of them, to import it"
        onDrop={([path]) => setImporting({ dropped: path ?? null })}
      />
      <TuningNow />
      <Answer query={prompts}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              title="No prompts yet"
              text="Import prompts that were tuned with PEFT, OptiPrompt, OpenPrompt or your own code: a file, an adapter’s folder, or a whole tree of relations. Or tune one here, on a model with an ONNX graph and a task."
            />
          ) : (
            <PromptTable prompts={list} onShow={show} onExport={setExported} onRemove={removal.remove} />
          )
        }
      </Answer>
      <RemovalNotice removal={removal} />
      <ImportDialog
        key={importing?.dropped}
        opened={importing !== null}
        dropped={importing?.dropped ?? null}
        onClose={() => setImporting(null)}
      />
      <ExportDialog
        promptIds={exported.map(({ id }) => id)}
        opened={exported.length > 0}
        onClose={() => setExported([])}
      />
      <TuneDialog opened={isTuning} onClose={() => setTuning(false)} />
      {shown !== undefined && (
        <Inspector title={shown.name} onClose={() => open(null)}>
          <PromptDetails key={shown.id} summary={shown} />
        </Inspector>
      )}
    </Screen>
  )
}
