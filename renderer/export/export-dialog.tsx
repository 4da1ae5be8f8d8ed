/** Writes prompts to files: the exact files are shown before anything is written. */
import {
  Alert,
  Button,
  Checkbox,
  Code,
  Group,
  List,
  Modal,
  NavLink,
  ScrollArea,
  Select,
  Stack,
  Text
} from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { peftTaskTypes, type WrittenFormat, writtenFormats } from '#engine/common/contract/prompts.ts'
import { count } from '#engine/common/format/count.ts'
import type { Exported, ExportedFile } from '#preload/contract/run-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = { promptIds: readonly string[]; opened: boolean; onClose: () => void }

const formatNames: Record<WrittenFormat, string> = {
  peft: 'PEFT adapter folder',
  optiprompt: 'OptiPrompt / PTfer prompt_vecs.npy',
  torch: 'torch .pt',
  npy: 'NumPy .npy',
  npz: 'NumPy .npz',
  safetensors: 'safetensors',
  json: 'JSON',
  csv: 'CSV',
  vllm: 'vLLM prompt_embeds',
  'llama-cpp': 'llama.cpp .f32'
}

export function ExportDialog({ promptIds, opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={promptIds.length === 1 ? 'Export the prompt' : `Export ${count(promptIds.length)} prompts`}
      size="xl"
    >
      {opened && <ExportForm promptIds={promptIds} onClose={onClose} />}
    </Modal>
  )
}

function ExportForm({ promptIds, onClose }: Omit<Props, 'opened'>) {
  const { call, host } = useWorkbench()
  const [format, setFormat] = useState<WrittenFormat>('peft')
  const [peftTaskType, setTaskType] = useState<(typeof peftTaskTypes)[number] | null>(null)
  const [padRows, setPadRows] = useState(false)
  const [overwrite, setOverwrite] = useState(false)
  const order = { promptIds: [...promptIds], format, peftTaskType, padRows }
  const preview = useQuery({
    queryKey: ['export', order],
    queryFn: ({ signal }) => call('export.preview', order, { signal }),
    gcTime: 0
  })
  const write = useMutation({
    mutationFn: async (): Promise<{ place: string; exported: Exported } | null> => {
      const folder = await host.choose({ title: 'Write the files into a folder', kind: 'folder' })
      if (folder === null) return null
      return { place: folder, exported: await call('export.write', { ...order, folder, overwrite }) }
    }
  })
  const bundle = useMutation({
    mutationFn: async (): Promise<{ place: string; exported: Exported } | null> => {
      const path = await host.chooseNew({
        title: 'Write a bundle for a colleague',
        extension: '.zip',
        name: 'prompts'
      })
      if (path === null) return null
      return { place: path, exported: await call('export.bundle', { ...order, path }) }
    }
  })
  const failed = write.error ?? bundle.error
  const done = write.data ?? bundle.data ?? null
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label="Format"
          w={280}
          allowDeselect={false}
          data={writtenFormats.map((value) => ({ value, label: formatNames[value] }))}
          value={format}
          onChange={(value) => setFormat(writtenFormats.find((known) => known === value) ?? format)}
        />
        {format === 'peft' && (
          <Select
            label="Task type"
            w={220}
            clearable
            placeholder="unspecified"
            data={[...peftTaskTypes]}
            value={peftTaskType}
            onChange={(value) => setTaskType(peftTaskTypes.find((known) => known === value) ?? null)}
          />
        )}
        {format === 'optiprompt' && (
          <Checkbox
            label="Fill up to the 10 rows that the original code reads"
            checked={padRows}
            onChange={(event) => setPadRows(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Answer query={preview}>{(exported) => <Preview exported={exported} />}</Answer>
      {failed !== null && <ErrorReport error={failed} />}
      {done !== null && (
        <Alert color="green" title={`${count(done.exported.files.length)} files were written`} role="status">
          <Text className="breakable">{done.place}</Text>
        </Alert>
      )}
      <Group justify="space-between">
        <Checkbox
          label="Replace files that are there already"
          checked={overwrite}
          onChange={(event) => setOverwrite(event.currentTarget.checked)}
        />
        <Group>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button variant="default" loading={bundle.isPending} onClick={() => bundle.mutate()}>
            Write a bundle (.zip)
          </Button>
          <Button loading={write.isPending} onClick={() => write.mutate()}>
            Write files
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}

function Preview({ exported: { files, notes } }: { exported: Exported }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const file: ExportedFile | undefined = files.find(({ path }) => path === chosen) ?? files[0]
  return (
    <Stack gap="xs">
      <Text size="sm" className="quiet">
        These files will be written:
      </Text>
      <Group align="stretch" wrap="nowrap">
        <ScrollArea.Autosize
          mah={260}
          w={300}
          type="auto"
          viewportProps={{ tabIndex: 0, 'aria-label': 'Files' }}
        >
          {files.map(({ path, bytes }) => (
            <NavLink
              key={path}
              component="button"
              label={path}
              description={`${count(bytes)} bytes`}
              active={path === file?.path}
              onClick={() => setChosen(path)}
            />
          ))}
        </ScrollArea.Autosize>
        <ScrollArea.Autosize
          mah={260}
          flex={1}
          type="auto"
          viewportProps={{ tabIndex: 0, 'aria-label': 'Beginning of the file' }}
        >
          <Code block>{file?.text ?? 'A binary file.'}</Code>
        </ScrollArea.Autosize>
      </Group>
      <List size="sm">
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Stack>
  )
}
