/** A mixture vector by vector: matching in all and with each source, the best there is, nearest words of it and of each source. */
import { ScrollArea, Table, Text } from '@mantine/core'
import { Fragment } from 'react'
import type { Mixture } from '#engine/common/mixing/mixing.ts'
import { cosine } from '#renderer/components/numbers.ts'

type Props = {
  names: readonly string[]
  mixture: Mixture
  weights: readonly number[]
  /** Per vector, best first; empty while they are not known. */
  words: readonly (readonly string[])[]
  /** Of each source by itself, per vector; empty for a single one. */
  wordsBySource: readonly (readonly (readonly string[])[])[]
}

export function VectorTable({ names, mixture, weights, words, wordsBySource }: Props) {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  // What the figures leave, in equal parts.
  const wordsWidth = `${100 / (1 + wordsBySource.length)}%`
  const vectors = mixture.vectors.map((vector, index) => ({
    ...vector,
    name: `V${index + 1}`,
    words: words[index] ?? []
  }))
  return (
    <ScrollArea
      type="auto"
      offsetScrollbars="x"
      viewportProps={{ tabIndex: 0, 'aria-label': 'Matching by vector' }}
    >
      <Table aria-label="Matching" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Vector</Table.Th>
            <Table.Th className="numeric">Matching</Table.Th>
            {names.map((name) => (
              <Table.Th key={name} className="numeric">
                <Text inherit truncate maw={140} title={name}>
                  {name}
                </Text>
              </Table.Th>
            ))}
            <Table.Th className="numeric">Upper bound (J*)</Table.Th>
            <Table.Th>Nearest words</Table.Th>
            {wordsBySource.map((_, index) => (
              <Table.Th key={names[index]}>
                <Text inherit truncate maw={200} title={names[index]}>
                  {`${names[index]} alone`}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {vectors.map(({ name, matching, perSource, upperBound, words: nearest }, vector) => (
            <Table.Tr key={name}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td className="numeric">{cosine(matching / total)}</Table.Td>
              {names.map((source, index) => (
                <Table.Td key={source} className="numeric">
                  {cosine(perSource[index] ?? Number.NaN)}
                </Table.Td>
              ))}
              <Table.Td className="numeric">{cosine(upperBound)}</Table.Td>
              <Table.Td className="rest" w={wordsWidth}>
                <Text size="sm" truncate title={nearest.join(', ')}>
                  {nearest.join(', ')}
                </Text>
              </Table.Td>
              {wordsBySource.map((ofSource, index) => (
                <Table.Td key={names[index]} className="rest" w={wordsWidth}>
                  <SourceWords words={ofSource[vector] ?? []} mixed={nearest} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}

/** The words of one source; those that the mixture has too are marked. */
function SourceWords({ words, mixed }: { words: readonly string[]; mixed: readonly string[] }) {
  return (
    <Text size="sm" truncate title={words.join(', ')}>
      {words.map((word, index) => (
        <Fragment key={word}>
          {index > 0 && ', '}
          {mixed.includes(word) ? <mark>{word}</mark> : word}
        </Fragment>
      ))}
    </Text>
  )
}
