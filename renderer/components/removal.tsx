/** Removal with undo: what was removed last is named in the corner of the window, and can be put back from there. */
import { Button, Group, Notification, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { ErrorReport } from './error-report.tsx'

type Notice = {
  /** For example `bert was removed`. */
  readonly title: string
  /** What becomes of what hangs on it. */
  readonly text: string
}

type Removed = Notice & { readonly removalId: string }

export type Removal<T> = {
  readonly remove: (item: T) => void
  readonly error: Error | null
  readonly removed: Removed | null
  readonly undo: () => void
  readonly dismiss: () => void
}

/** @param remove asks the workbench; @param noticeOf that something was removed, and what becomes of what hangs on it */
export function useRemoval<T>(
  remove: (item: T) => Promise<{ removalId: string }>,
  noticeOf: (item: T) => Notice
): Removal<T> {
  const { call } = useWorkbench()
  const [removed, setRemoved] = useState<Removed | null>(null)
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: ({ removalId }, item) => setRemoved({ removalId, ...noticeOf(item) })
  })
  const undo = useMutation({
    mutationFn: ({ removalId }: Removed) => call('removals.undo', { removalId }),
    onSuccess: () => setRemoved(null)
  })
  return {
    remove: removal.mutate,
    error: removal.error ?? undo.error,
    removed,
    undo: () => removed !== null && undo.mutate(removed),
    dismiss: () => setRemoved(null)
  }
}

type NoticeProps = { removal: Pick<Removal<never>, 'error' | 'removed' | 'undo' | 'dismiss'> }

export function RemovalNotice({ removal: { error, removed, undo, dismiss } }: NoticeProps) {
  return (
    <>
      {error !== null && <ErrorReport error={error} />}
      {removed !== null && (
        <Stack className="corner-notice">
          <Notification
            title={removed.title}
            onClose={dismiss}
            closeButtonProps={{ 'aria-label': 'Dismiss' }}
            role="status"
            withBorder
          >
            <Group justify="space-between" wrap="nowrap">
              {removed.text}
              <Button size="compact-sm" variant="default" onClick={undo} flex="none">
                Undo
              </Button>
            </Group>
          </Notification>
        </Stack>
      )}
    </>
  )
}
