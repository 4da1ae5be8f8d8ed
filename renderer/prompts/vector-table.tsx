/** The vectors of a prompt: their figures, their length beside the words of the model, and the words they are near to. */
import { Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type Matrix, row } from '#engine/common/contract/matrix.ts'
import type { VectorPlace } from '#engine/common/contract/neighbours.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { figure } from '#renderer/components/numbers.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = { id: string; vectors: Matrix; model: ModelEntry | undefined }

const wordsShown = 8

/** Length, mean and standard deviation of a vector `[e]`. */
function vectorFigures(vector: Float32Array): { length: number; mean: number; spread: number } {
  const sum = vector.reduce((total, value) => total + value, 0)
  const squares = vector.reduce((total, value) => total + value * value, 0)
  const mean = sum / vector.length
  return {
    length: Math.sqrt(squares),
    mean,
    spread: Math.sqrt(Math.max(0, squares / vector.length - mean * mean))
  }
}

/** `97 %`: the share of the words that are not longer. */
function percentile({ normPercentile }: VectorPlace): string {
  return `${(100 * normPercentile).toFixed(normPercentile > 0.99 && normPercentile < 1 ? 1 : 0)} %`
}

export function VectorTable({ id, vectors, model }: Props) {
  const { call } = useWorkbench()
  const places = useQuery({
    queryKey: ['prompt places', id, model?.id],
    enabled: model !== undefined,
    queryFn: ({ signal }) =>
      call('prompts.describe', { modelId: model?.id ?? '', vectors, count: wordsShown }, { signal })
  })
  const names = Array.from({ length: vectors.rows }, (_, index) => `V${index + 1}`)
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Vectors
      </Title>
      {places.isError && <ErrorReport error={places.error} />}
      <Table.ScrollContainer minWidth={620} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table aria-label="Vectors">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Vector</Table.Th>
              <Table.Th className="numeric">Norm</Table.Th>
              <Table.Th className="numeric">Norm percentile</Table.Th>
              <Table.Th className="numeric">Mean</Table.Th>
              <Table.Th className="numeric">SD</Table.Th>
              <Table.Th>Nearest words (cosine)</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {names.map((name, index) => {
              const { length, mean, spread } = vectorFigures(row(vectors, index))
              const place = places.data?.[index]
              return (
                <Table.Tr key={name}>
                  <Table.Th scope="row">{name}</Table.Th>
                  <Table.Td className="numeric">{figure(length)}</Table.Td>
                  <Table.Td className="numeric">{place === undefined ? '…' : percentile(place)}</Table.Td>
                  <Table.Td className="numeric">{figure(mean)}</Table.Td>
                  <Table.Td className="numeric">{figure(spread)}</Table.Td>
                  <Table.Td className="breakable">
                    {place?.nearestWords
                      .map(({ token, cosine }) => `${token} ${cosine.toFixed(2)}`)
                      .join(', ')}
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {model !== undefined && (
        <Text size="xs" className="quiet">
          “Norm percentile”: the share of the words of {model.report.name} whose embedding is not longer.
        </Text>
      )}
    </Stack>
  )
}
