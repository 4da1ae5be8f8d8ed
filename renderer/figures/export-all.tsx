/** The button that saves every figure of a screen with its table and caption, as one archive. */
import { ActionIcon, Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbenchState } from '#renderer/connection/queries.ts'
import { useCurrentLink } from '#renderer/connection/use-link.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { FigureScope } from './archive-text.ts'
import { figureArchive } from './figure-archive.ts'
import { useFigureSet } from './figure-set.tsx'

const label = 'Export all figures and tables'

type Props = { scope: Omit<FigureScope, 'project' | 'link'> }

export function ExportAll({ scope }: Props) {
  const { host } = useWorkbench()
  const state = useWorkbenchState().data
  const { all } = useFigureSet()
  const currentLink = useCurrentLink()
  const controller = useRef<AbortController | null>(null)
  const [progress, setProgress] = useState('')
  const save = useMutation({
    mutationFn: async () => {
      const aborter = new AbortController()
      controller.current = aborter
      const figures = all()
      if (figures.length === 0) throw new Error('No figure is shown yet.')
      const file = await figureArchive(
        figures,
        { ...scope, project: state?.project?.name ?? 'project', link: new URL(currentLink()).hash },
        {
          version: state?.version ?? '',
          signal: aborter.signal,
          onProgress: (done) => setProgress(`${done + 1} of ${figures.length}`)
        }
      ).catch((error: unknown) => {
        if (aborter.signal.aborted) return null
        throw error
      })
      if (file !== null) await host.saveFile({ title: label, ...file })
    }
  })
  if (save.isPending)
    return (
      <Button
        variant="default"
        title="Stop drawing; nothing is saved"
        onClick={() => controller.current?.abort()}
      >
        {`Figure ${progress} … Cancel`}
      </Button>
    )
  return (
    <>
      <ActionIcon
        variant="default"
        size={26}
        aria-label={label}
        title={`${label} of this scope with their captions: PDF, SVG, PNG, CSV and LaTeX in one zip file`}
        onClick={() => save.mutate()}
      >
        <IconDownload size={16} stroke={1.5} aria-hidden />
      </ActionIcon>
      <Failure of={save} />
    </>
  )
}
