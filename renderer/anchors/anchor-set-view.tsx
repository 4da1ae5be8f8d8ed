/** What an anchor set holds and why: the audit step by step, and its words with a search. */
import { Badge, Group, ScrollArea, Stack, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { AnchorSet } from '../../engine/contract/anchors.ts'
import { count } from '../components/numbers.ts'

/** As many as a person looks through; the search finds the rest. */
const wordsShown = 300

export function AnchorSetView({ set }: { set: AnchorSet }) {
  return (
    <Stack>
      {set.audit !== null && <Audit audit={set.audit} />}
      <Words anchors={set.anchors} />
    </Stack>
  )
}

function Audit({ audit }: { audit: NonNullable<AnchorSet['audit']> }) {
  return (
    <Stack gap="xs">
      <Text className="quiet">
        {audit.models
          .map(({ name, tokens, considered }) => `${name}: ${count(considered)} of ${count(tokens)} tokens`)
          .join(' · ')}
      </Text>
      <Table aria-label="Audit">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            <Table.Th className="numeric">Left</Table.Th>
            <Table.Th className="numeric">Dropped</Table.Th>
            <Table.Th>For example</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {audit.steps.map((step) => (
            <Table.Tr key={step.step}>
              <Table.Td>{step.step}</Table.Td>
              <Table.Td className="numeric">{count(step.left)}</Table.Td>
              <Table.Td className="numeric">{count(step.dropped)}</Table.Td>
              <Table.Td className="breakable">
                {step.examples
                  .slice(0, 3)
                  .map(({ surface, reason }) => `${surface} (${reason})`)
                  .join(', ')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

function Words({ anchors }: Pick<AnchorSet, 'anchors'>) {
  const [text, setText] = useState('')
  const found = anchors.filter(({ surface }) => surface.includes(text))
  return (
    <Stack gap="xs">
      <TextInput
        label="Search the words"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        description={
          found.length > wordsShown
            ? `The first ${wordsShown} of ${count(found.length)}`
            : `${count(found.length)} found`
        }
      />
      <ScrollArea.Autosize mah={240} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Words' }}>
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
