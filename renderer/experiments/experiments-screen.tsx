/** Experiments: what the project has of them, and the files that say what they compare. */
import { Button, Card, Group, NavLink, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { useView } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { ExperimentEditor } from './experiment-editor.tsx'
import { experimentFilesSchema, fileName, withFile } from './experiment-files.ts'
import { NewExperimentDialog } from './new-experiment-dialog.tsx'
import { StoredExperiment } from './stored-experiment.tsx'

export function ExperimentsScreen() {
  const { call, host } = useWorkbench()
  const experiments = useQuery({
    queryKey: ['experiments', 'list'],
    queryFn: () => call('experiments.list', {})
  })
  const [known, change] = useView('experiments', experimentFilesSchema)
  const [isMaking, setMaking] = useState(false)
  const open = (path: string): void => change(withFile(known, path))
  const choose = async (): Promise<void> => {
    const path = await host.choose({ title: 'Open an experiment file', kind: 'file', extension: '.yaml' })
    if (path !== null) open(path)
  }
  return (
    <Screen
      title="Experiments"
      lead="Methods compared on many models and tasks, from one file that anyone can run again."
      actions={
        <>
          <Button variant="default" onClick={() => void choose()}>
            Open an experiment file
          </Button>
          <Button onClick={() => setMaking(true)}>New experiment</Button>
        </>
      }
    >
      {known.files.length > 0 && (
        <Card withBorder padding="xs" component="nav" aria-label="Experiment files">
          <Group gap={4}>
            {known.files.map((path) => (
              <NavLink
                key={path}
                component="button"
                w="auto"
                label={fileName(path)}
                title={path}
                active={path === known.open}
                onClick={() => change({ open: path === known.open ? null : path })}
              />
            ))}
          </Group>
        </Card>
      )}
      {known.open !== null && <ExperimentEditor key={known.open} path={known.open} />}
      <Answer query={experiments}>
        {(list) =>
          list.length === 0 ? (
            known.open === null && (
              <EmptyState
                title="No experiments yet"
                text="Make an experiment file from a template, name your models and tasks in it, and run it: its tables, figures and tests are made as its cells fill in."
                action={<Button onClick={() => setMaking(true)}>New experiment</Button>}
              />
            )
          ) : (
            <Stack gap="sm">
              <Title order={2} size="h4">
                In this project
              </Title>
              <Text className="quiet" size="sm">
                Results stay with the project: running an experiment again computes only what is new or
                changed.
              </Text>
              {list.map((experiment) => (
                <StoredExperiment key={experiment.id} experiment={experiment} />
              ))}
            </Stack>
          )
        }
      </Answer>
      <NewExperimentDialog opened={isMaking} onClose={() => setMaking(false)} onMade={open} />
    </Screen>
  )
}
