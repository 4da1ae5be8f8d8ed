/** Makes an experiment file from one of the templates, where the person says. */
import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Failure } from '#renderer/components/failure.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

/** What a template is for; one that is not described here is offered by its name. */
const purposes: Readonly<Record<string, string>> = {
  paper: 'Every table and figure of the paper',
  pair: 'One source, one target, every method',
  sources: 'Which sources together: all sets of them',
  ablation: 'Anchors, prompt length and normalisation, varied',
  matching: 'Accuracy along the search against the matching'
}

type Props = { opened: boolean; onClose: () => void; onMade: (path: string) => void }

export function NewExperimentDialog({ opened, onClose, onMade }: Props) {
  const { call, host } = useWorkbench()
  const [template, setTemplate] = useState('pair')
  const [choosing, setChoosing] = useState(false)
  const templates = useQuery({ queryKey: ['templates'], queryFn: () => call('experiments.templates', {}) })
  const make = useMutation({
    mutationFn: async (): Promise<string | null> => {
      setChoosing(true)
      const path = await host
        .chooseNew({ title: 'New experiment file', extension: '.yaml', name: `${template}.experiment` })
        .finally(() => setChoosing(false))
      if (path !== null) await call('experiments.make', { template, path })
      return path
    },
    onSuccess: (path) => {
      if (path === null) return
      onMade(path)
      onClose()
    }
  })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New experiment"
      closeOnEscape={!choosing}
      trapFocus={!choosing}
    >
      <Stack>
        <Answer query={templates}>
          {(names) => (
            <Radio.Group label="Template" value={template} onChange={setTemplate}>
              <Stack gap="xs" mt="xs">
                {names.map((name) => (
                  <Radio key={name} value={name} label={name} description={purposes[name]} />
                ))}
              </Stack>
            </Radio.Group>
          )}
        </Answer>
        <Text size="sm" className="quiet">
          The paths in the file are relative to it: keep it near your models and tasks.
        </Text>
        <Failure of={make} />
        <Group justify="flex-end">
          <Button loading={make.isPending} onClick={() => make.mutate()}>
            Choose location
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
