/** One prompt: where it comes from, how it is used, and the figures of its vectors. */
import { Alert, Stack, Table, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { row } from '../../engine/contract/matrix.ts'
import type { Prompt } from '../../engine/contract/prompts.ts'
import { figure } from '../components/numbers.ts'
import { Answer } from '../components/screen.tsx'
import { useWorkbench } from '../connection/workbench.tsx'

export function PromptDetails({ id }: { id: string }) {
  const { call } = useWorkbench()
  const prompt = useQuery({ queryKey: ['prompts', 'one', id], queryFn: () => call('prompts.get', { id }) })
  return <Answer query={prompt}>{(found) => <Details prompt={found} />}</Answer>
}

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

function facts({ model, task, relation, position, template, origin }: Prompt): [string, string | null][] {
  const from: [string, string | null][] =
    origin.kind === 'run'
      ? [['Run', origin.run]]
      : origin.kind === 'tuning'
        ? [['Tuning', origin.tuning]]
        : [
            ['File', origin.path],
            ['Format', origin.format],
            ['Tensor', `${origin.tensor} (${origin.dtype}, ${origin.shape.join(' × ')})`],
            ['SHA-256 of the file', origin.sha256]
          ]
  return [
    ['Model', model.name],
    ['Relation', relation],
    ['Task', task],
    ['Position', position],
    ['Template', template],
    ...from
  ]
}

function Details({ prompt }: { prompt: Prompt }) {
  return (
    <Stack>
      {prompt.warnings.map((warning) => (
        <Alert key={warning} color="yellow" variant="light">
          {warning}
        </Alert>
      ))}
      <Table layout="fixed">
        <Table.Tbody>
          {facts(prompt)
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" w={150}>
                  {name}
                </Table.Th>
                <Table.Td className="breakable">{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
      <Title order={3} size="h5">
        Vectors
      </Title>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Vector</Table.Th>
            <Table.Th className="numeric">Norm</Table.Th>
            <Table.Th className="numeric">Mean</Table.Th>
            <Table.Th className="numeric">Standard deviation</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Array.from({ length: prompt.vectors.rows }, (_, index) => `V${index + 1}`).map((name, index) => {
            const { length, mean, spread } = vectorFigures(row(prompt.vectors, index))
            return (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                <Table.Td className="numeric">{figure(length)}</Table.Td>
                <Table.Td className="numeric">{figure(mean)}</Table.Td>
                <Table.Td className="numeric">{figure(spread)}</Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}
