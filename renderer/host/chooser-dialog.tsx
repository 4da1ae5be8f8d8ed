/** The dialog in which a person at a browser chooses a file or folder of the computer that the workbench runs on. */
import {
  Button,
  Code,
  Group,
  Loader,
  Modal,
  NavLink,
  ScrollArea,
  Stack,
  Text,
  TextInput
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import type { FolderListing } from '#preload/contract/browser-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import type { BrowserHost, ChooserRequest } from './browser-host.ts'

type ListFolder = (folder: string | null) => Promise<FolderListing>
type DialogProps = Pick<BrowserHost, 'pending'> & {
  /** Null stands for where a choice begins. */
  listFolder: ListFolder
}

export function ChooserDialog({ pending, listFolder }: DialogProps) {
  const request = useSyncExternalStore(pending.subscribe, pending.current)
  return (
    <Modal
      opened={request !== null}
      onClose={() => request?.answer(null)}
      title={request?.title}
      size="lg"
      // Above the dialog that asked for it.
      zIndex={400}
    >
      {request !== null && <Chooser request={request} listFolder={listFolder} />}
    </Modal>
  )
}

function joined(folder: string, name: string): string {
  return `${folder.replace(/\/$/, '')}/${name}`
}

function isChoosable(request: ChooserRequest, kind: 'folder' | 'file', name: string): boolean {
  if (kind === 'folder') return true
  if (request.mode === 'new' || request.kind === 'folder') return false
  return request.extension === undefined || name.endsWith(request.extension)
}

function Chooser({ request, listFolder }: { request: ChooserRequest; listFolder: ListFolder }) {
  const [folder, setFolder] = useState<string | null>(null)
  const [name, setName] = useState(request.mode === 'new' ? request.name : '')
  const listing = useQuery({
    queryKey: ['files', folder],
    queryFn: () => listFolder(folder),
    gcTime: 0
  })
  const { data } = listing
  if (listing.isError) return <ErrorReport error={listing.error} onRetry={() => setFolder(null)} />
  if (data === undefined) return <Loader role="status" aria-label="Reading the folder" />
  const shown = data.entries.filter(({ kind, name }) => isChoosable(request, kind, name))
  const takesFolder = request.mode === 'existing' && request.kind !== 'file'
  const finished =
    request.mode === 'new' && !name.endsWith(request.extension) ? `${name}${request.extension}` : name
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {data.roots.map((root) => (
          <Button key={root} size="compact-sm" variant="default" onClick={() => setFolder(root)}>
            {root}
          </Button>
        ))}
      </Group>
      <Code block>{data.folder}</Code>
      <ScrollArea h={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Files and folders' }}>
        {data.parent !== null && (
          <NavLink component="button" label=".. (the folder above)" onClick={() => setFolder(data.parent)} />
        )}
        {shown.map((entry) => (
          <NavLink
            key={entry.path}
            component="button"
            label={entry.kind === 'folder' ? `${entry.name}/` : entry.name}
            onClick={() => (entry.kind === 'folder' ? setFolder(entry.path) : request.answer(entry.path))}
          />
        ))}
        {shown.length === 0 && (
          <Text c="dimmed" p="sm">
            Nothing to choose in this folder.
          </Text>
        )}
      </ScrollArea>
      {request.mode === 'new' && (
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => request.answer(null)}>
          Cancel
        </Button>
        {takesFolder && <Button onClick={() => request.answer(data.folder)}>Choose this folder</Button>}
        {request.mode === 'new' && (
          <Button disabled={name.trim() === ''} onClick={() => request.answer(joined(data.folder, finished))}>
            Create here
          </Button>
        )}
      </Group>
    </Stack>
  )
}
