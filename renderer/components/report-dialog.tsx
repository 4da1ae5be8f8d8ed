/** A report in the window: its page in a frame of its own, in which nothing can run or be loaded. */
import { Modal, useComputedColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Reported } from '#preload/contract/experiment-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Answer } from './screen.tsx'
import { styleNonce } from './style-nonce.ts'
import './report-dialog.css'

type Props = { name: string; reported: Reported; opened: boolean; onClose: () => void }

export function ReportDialog({ name, reported, opened, onClose }: Props) {
  const { call } = useWorkbench()
  const scheme = useComputedColorScheme()
  const report = useQuery({
    // Not one of the lists that are asked for again while cells fill in: it is of the moment it was opened.
    queryKey: ['report', reported],
    queryFn: () => call('experiments.report', reported),
    enabled: opened,
    gcTime: 0
  })
  return (
    <Modal opened={opened} onClose={onClose} title={`Report of ${name}`} fullScreen>
      <Answer query={report}>
        {({ page }) => (
          <iframe
            className="report-frame"
            title={`Report of ${name}`}
            sandbox=""
            srcDoc={inWindow(page, scheme)}
          />
        )}
      </Answer>
    </Modal>
  )
}

/**
 * The window's policy holds within the frame too: the page's own style is let in by the window's nonce. The page follows
 * the system's colours, the window may have others.
 */
function inWindow(page: string, scheme: 'light' | 'dark'): string {
  const style = `<style nonce="${styleNonce()}">`
  return page
    .replace('<style>', style)
    .replace('</head>', `${style}:root { color-scheme: only ${scheme} }</style></head>`)
}
