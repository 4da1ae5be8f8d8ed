/** The report of an experiment or of runs: opened in the window, or written into a folder with its tables and figures. */
import { Alert, Button, type ButtonProps, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { count } from '#engine/common/format/count.ts'
import type { Reported } from '#preload/contract/experiment-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Failure } from './failure.tsx'
import { ReportDialog } from './report-dialog.tsx'

type Props = Pick<ButtonProps, 'size' | 'disabled'> & {
  /** Of the experiment, or of the runs together. */
  name: string
  reported: Reported
}

/** Both buttons, and what came of writing. */
export function useReport({ name, reported, ...button }: Props) {
  const { call, host } = useWorkbench()
  const [isOpen, { open, close }] = useDisclosure(false)
  const write = useMutation({
    mutationFn: async () => {
      const folder = await host.choose({ title: 'Write the report into a folder', kind: 'folder' })
      return folder === null ? null : await call('experiments.writeReport', { reported, folder })
    }
  })
  return {
    buttons: (
      <>
        <Button variant="default" {...button} loading={write.isPending} onClick={() => write.mutate()}>
          Write report
        </Button>
        <Button variant="default" {...button} onClick={open}>
          Open report
        </Button>
      </>
    ),
    outcome: (
      <>
        <Failure of={write} />
        {write.data !== undefined && write.data !== null && (
          <Alert color="green" role="status" title={`${count(write.data.files.length)} files were written`}>
            <Text size="sm" className="breakable">
              {write.data.files[0]}
            </Text>
          </Alert>
        )}
        <ReportDialog name={name} reported={reported} opened={isOpen} onClose={close} />
      </>
    )
  }
}
