/** The words of an anchor set, in their order, with a search. */
import { Badge, Group, ScrollArea, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { count } from '#engine/common/format/count.ts'

/** As many as a person looks through; the search finds the rest. */
const wordsShown = 400

export function WordList({ anchors }: Pick<AnchorSet, 'anchors'>) {
  const [text, setText] = useState('')
  const found = anchors.filter(({ surface }) => surface.includes(text))
  return (
    <Stack gap="xs">
      <TextInput
        label="Search the words of the set"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        description={
          found.length > wordsShown
            ? `The first ${wordsShown} of ${count(found.length)}, in their order`
            : `${count(found.length)} found`
        }
        maw={360}
      />
      <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Words' }}>
        <Group gap={6}>
          {found.slice(0, wordsShown).map(({ surface, beginsWord }) => (
            <Badge key={`${beginsWord} ${surface}`} variant="default" tt="none" fw={400}>
              {beginsWord ? surface : `…${surface}`}
            </Badge>
          ))}
        </Group>
      </ScrollArea.Autosize>
    </Stack>
  )
}
