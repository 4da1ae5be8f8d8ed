/** Studies: what the project has of them, and the files that say what they compare. */
import { Button, Card, Group, NavLink, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { useView, useViews } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { NewStudyDialog } from './new-study-dialog.tsx'
import { StoredStudy } from './stored-study.tsx'
import { StudyEditor } from './study-editor.tsx'
import { fileName, studyFilesSchema, withFile } from './study-files.ts'

export function StudiesScreen() {
  const views = useViews()
  return <Answer query={views}>{() => <Studies />}</Answer>
}

function Studies() {
  const { call, host } = useWorkbench()
  const studies = useQuery({ queryKey: ['studies', 'list'], queryFn: () => call('studies.list', {}) })
  const [known, change] = useView('studies', studyFilesSchema)
  const [isMaking, setMaking] = useState(false)
  const open = (path: string): void => change(withFile(known, path))
  const choose = async (): Promise<void> => {
    const path = await host.choose({ title: 'Open a study file', kind: 'file', extension: '.yaml' })
    if (path !== null) open(path)
  }
  return (
    <Screen
      title="Studies"
      lead="Methods compared on many models and tasks, from one file that anyone can run again."
      actions={
        <>
          <Button variant="default" onClick={() => void choose()}>
            Open a study file
          </Button>
          <Button onClick={() => setMaking(true)}>New study</Button>
        </>
      }
    >
      {known.files.length > 0 && (
        <Card withBorder padding="xs" component="nav" aria-label="Study files">
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
      {known.open !== null && <StudyEditor key={known.open} path={known.open} />}
      <Answer query={studies}>
        {(list) =>
          list.length === 0 ? (
            known.open === null && (
              <EmptyState
                title="No studies yet"
                text="Make a study file from a template, name your models and tasks in it, and run it: its tables, figures and tests are made as its cells fill in."
                action={<Button onClick={() => setMaking(true)}>New study</Button>}
              />
            )
          ) : (
            <Stack gap="sm">
              <Title order={2} size="h4">
                In this project
              </Title>
              <Text className="quiet" size="sm">
                Results stay with the project: running a study again computes only what is new or changed.
              </Text>
              {list.map((study) => (
                <StoredStudy key={study.id} study={study} />
              ))}
            </Stack>
          )
        }
      </Answer>
      <NewStudyDialog opened={isMaking} onClose={() => setMaking(false)} onMade={open} />
    </Screen>
  )
}
