/** The dialog in which a person at a browser chooses a file or folder of the computer that the workbench runs on. */
import { Button, Group, Loader, Modal, NavLink, ScrollArea, Stack, Text, TextInput } from '@mantine/core'
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

/** What a database keeps beside its file while it is open. */
function isBeside(name: string): boolean {
  return /\.anchorage-(wal|shm|journal)$/.test(name)
}

/** Of a file, on every system, with room for the ending and for what lies beside it. */
const longestName = 200

/** Where the last choice was made, also before a reload. */
const lastFolder = 'anchorage-folder'

function Chooser({ request, listFolder }: { request: ChooserRequest; listFolder: ListFolder }) {
  const [folder, setFolder] = useState(() => sessionStorage.getItem(lastFolder))
  const [typed, setTyped] = useState<string | null>(null)
  const [name, setName] = useState(request.mode === 'new' ? request.name : '')
  const listing = useQuery({
    queryKey: ['files', folder],
    queryFn: () => listFolder(folder),
    gcTime: 0
  })
  const { data } = listing
  const visit = (next: string | null): void => {
    setTyped(null)
    setFolder(next)
  }
  if (listing.isError) return <ErrorReport error={listing.error} onRetry={() => visit(null)} />
  if (data === undefined) return <Loader role="status" aria-label="Reading the folder" />
  const shown = data.entries.filter(({ kind, name }) => !isBeside(name) && isChoosable(request, kind, name))
  const answer = (path: string): void => {
    sessionStorage.setItem(lastFolder, data.folder)
    request.answer(path)
  }
  /** A file of this folder is chosen by its path; any other path is gone to. */
  const goToTyped = (path: string): void => {
    const file = shown.find((entry) => entry.kind === 'file' && entry.path === path)
    if (file === undefined) visit(path)
    else answer(path)
  }
  const takesFolder = request.mode === 'existing' && request.kind !== 'file'
  const finished =
    request.mode === 'new' && !name.endsWith(request.extension) ? `${name}${request.extension}` : name
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {data.roots.map((root) => (
          <Button key={root} size="compact-sm" variant="default" onClick={() => visit(root)}>
            {root}
          </Button>
        ))}
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          goToTyped((typed ?? data.folder).trim())
        }}
      >
        <Group gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            flex={1}
            label="Path"
            value={typed ?? data.folder}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={typed === null}>
            Go
          </Button>
        </Group>
      </form>
      <ScrollArea h={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Files and folders' }}>
        {data.parent !== null && (
          <NavLink component="button" label=".. (the folder above)" onClick={() => visit(data.parent)} />
        )}
        {shown.map((entry) => (
          <NavLink
            key={entry.path}
            component="button"
            label={entry.kind === 'folder' ? `${entry.name}/` : entry.name}
            onClick={() => (entry.kind === 'folder' ? visit(entry.path) : answer(entry.path))}
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
          error={
            name.length > longestName ? `At most ${longestName} characters: the system takes no more.` : null
          }
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={() => request.answer(null)}>
          Cancel
        </Button>
        {takesFolder && <Button onClick={() => answer(data.folder)}>Choose this folder</Button>}
        {request.mode === 'new' && (
          <Button
            disabled={name.trim() === '' || name.length > longestName}
            onClick={() => answer(joined(data.folder, finished))}
          >
            Create here
          </Button>
        )}
      </Group>
    </Stack>
  )
}
