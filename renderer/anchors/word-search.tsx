/** A word in every model: what it is cut into, the tokens that are spelled so with their ids, and their neighbours. */
import { Badge, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FoundWord } from '#engine/common/contract/neighbours.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

const pauseMilliseconds = 200

type Props = { models: readonly ModelEntry[] }

export function WordSearch({ models }: Props) {
  const { call } = useWorkbench()
  const [text, setText] = useState('')
  const [word] = useDebouncedValue(text.trim(), pauseMilliseconds)
  const modelIds = models.map(({ id }) => id)
  const found = useQuery({
    queryKey: ['words', word, modelIds],
    enabled: word !== '' && modelIds.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('words.find', { modelIds, word }, { signal })
  })
  return (
    <Stack gap="xs">
      <TextInput
        label="Word lookup"
        description="How each model of the set reads it, and what its embedding is near to."
        placeholder="for example music"
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        maw={360}
      />
      {word !== '' && (
        <Answer query={found}>
          {(list) => (
            <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
              <Table aria-label={`The word ${word}`} layout="fixed">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th w="18%">Model</Table.Th>
                    <Table.Th w="20%">Read as</Table.Th>
                    <Table.Th w="16%">Tokens and ids</Table.Th>
                    <Table.Th>Nearest words (cosine)</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.map(({ modelId, found: result }) => (
                    <WordRow
                      key={modelId}
                      name={models.find(({ id }) => id === modelId)?.report.name ?? modelId}
                      found={result}
                    />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
        </Answer>
      )}
    </Stack>
  )
}

function WordRow({ name, found: { pieces, tokens } }: { name: string; found: FoundWord }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" className="breakable">
        {name}
      </Table.Th>
      <Table.Td className="breakable">
        {pieces.map(({ token }) => token).join(' ')}{' '}
        <Badge variant={pieces.length === 1 ? 'light' : 'default'} tt="none" size="sm">
          {pieces.length === 1 ? 'one token' : `${pieces.length} tokens`}
        </Badge>
      </Table.Td>
      <Table.Td>
        {tokens.length === 0 ? (
          <Text size="sm" className="quiet">
            none
          </Text>
        ) : (
          tokens.map(({ id, token }) => (
            <Text key={id} size="sm" className="breakable">
              {token} ({id})
            </Text>
          ))
        )}
      </Table.Td>
      <Table.Td>
        {tokens.map(({ id, neighbours }) => (
          <Text key={id} size="sm" className="breakable">
            {neighbours.map(({ token, cosine }) => `${token} ${cosine.toFixed(2)}`).join(', ')}
          </Text>
        ))}
      </Table.Td>
    </Table.Tr>
  )
}
