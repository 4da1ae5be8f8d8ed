/** Why a set holds the words that it holds: the steps of its building, and what falls together in a model. */
import { Stack, Table, Text, Title } from '@mantine/core'
import type { AnchorAudit } from '#engine/common/contract/anchors.ts'
import { count } from '#engine/common/format/count.ts'

const examplesShown = 4
const collisionsShown = 30

export function AuditTable({ audit }: { audit: AnchorAudit }) {
  const { models, steps, collisions, casePolicy } = audit
  return (
    <Stack gap="xs">
      <Text size="sm" className="quiet">
        {models
          .map(({ name, tokens, considered }) => `${name}: ${count(considered)} of ${count(tokens)} tokens`)
          .join(' · ')}
        . Case {casePolicy}
      </Text>
      <Table aria-label="Filter report">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            <Table.Th className="numeric">Left</Table.Th>
            <Table.Th className="numeric">Dropped</Table.Th>
            <Table.Th>For example</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map((step) => (
            <Table.Tr key={step.step}>
              <Table.Td>{step.step}</Table.Td>
              <Table.Td className="numeric">{count(step.left)}</Table.Td>
              <Table.Td className="numeric">{count(step.dropped)}</Table.Td>
              <Table.Td className="breakable">
                {step.examples
                  .slice(0, examplesShown)
                  .map(({ surface, reason }) => `${surface} (${reason})`)
                  .join(', ')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {collisions.length > 0 && <Collisions collisions={collisions} />}
    </Stack>
  )
}

function Collisions({ collisions }: Pick<AnchorAudit, 'collisions'>) {
  return (
    <Stack gap={4}>
      <Title order={3} size="h5">
        Token collisions
      </Title>
      <Table aria-label="Token collisions">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Model</Table.Th>
            <Table.Th>Surface</Table.Th>
            <Table.Th>Tokens or words</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {collisions.slice(0, collisionsShown).map(({ model, surface, tokens }) => (
            <Table.Tr key={`${model} ${surface} ${tokens.join(' ')}`}>
              <Table.Td>{model}</Table.Td>
              <Table.Td className="breakable">{surface}</Table.Td>
              <Table.Td className="breakable">{tokens.join(', ')}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {collisions.length > collisionsShown && (
        <Text size="sm" className="quiet">
          And {count(collisions.length - collisionsShown)} more.
        </Text>
      )}
    </Stack>
  )
}
