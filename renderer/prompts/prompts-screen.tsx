/** The prompts of the project: a matrix of relations and models or a list, the import, tuning, and one prompt in detail. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { FileDrop } from '#renderer/components/file-drop.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { useEvaluations, useModels, usePrompts, useTasks } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { ExportDialog } from '#renderer/export/export-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { PromptBrowser } from './prompt-browser.tsx'
import { TuneDialog } from './tuning/tune-dialog.tsx'
import { TuningNow } from './tuning/tuning-now.tsx'
import type { TuningChoice } from './tuning/tuning-order.ts'

function removalTitle(prompts: readonly PromptSummary[]): string {
  const [first] = prompts
  return prompts.length === 1 ? `${first?.name} was removed` : `${count(prompts.length)} prompts were removed`
}

export function PromptsScreen() {
  const { call } = useWorkbench()
  const [prompts, models, tasks, evaluations] = [usePrompts(), useModels(), useTasks(), useEvaluations()]
  const [importing, setImporting] = useState<{ dropped: string | null } | null>(null)
  const [exported, setExported] = useState<readonly PromptSummary[]>([])
  const [tuning, setTuning] = useState<Partial<TuningChoice> | null>(null)
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
          <Button variant="default" onClick={() => setTuning({})}>
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
        {(promptList) => (
          <Answer query={models}>
            {(modelList) => (
              <Answer query={tasks}>
                {(taskList) =>
                  promptList.length === 0 && (modelList.length === 0 || taskList.length === 0) ? (
                    <EmptyState
                      title="No prompts yet"
                      text="Import prompts that were tuned with PEFT, OptiPrompt, OpenPrompt or your own code: a file, an adapter’s folder, or a whole tree of relations. Or tune one here, on a model with an ONNX graph and a task."
                    />
                  ) : (
                    <PromptBrowser
                      lists={{
                        prompts: promptList,
                        models: modelList,
                        tasks: taskList,
                        // Accuracies come a moment later where they must.
                        evaluations: evaluations.data ?? []
                      }}
                      onExport={setExported}
                      onRemove={removal.remove}
                      onTune={setTuning}
                      onImport={() => setImporting({ dropped: null })}
                    />
                  )
                }
              </Answer>
            )}
          </Answer>
        )}
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
      <TuneDialog opened={tuning !== null} start={tuning ?? {}} onClose={() => setTuning(null)} />
    </Screen>
  )
}
