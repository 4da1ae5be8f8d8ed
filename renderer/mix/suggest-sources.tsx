/** Which of the sources to mix, by agreement on inputs without labels: a dialog with every set, of which one is taken. */
import { Button, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { defaults } from '#engine/common/contract/defaults.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { percent } from '#renderer/components/numbers.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type MixChoice, type MixSetup, type MixSource, namesOf, sidesOf, withWeights } from './mix-choice.ts'
import { findSample } from './task-sample.ts'

const inputs = 16
const equal: readonly number[] = []

type Props = {
  setup: MixSetup
  /** Two to six. */
  sources: readonly MixSource[]
  lists: Lists
  onWeights: (weights: MixChoice['weights']) => void
}

export function SuggestSources(props: Props) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open} style={{ alignSelf: 'start' }}>
        Suggest sources (no labels) …
      </Button>
      <Modal opened={isOpen} onClose={close} title="Suggest sources without labels" size="lg">
        <Suggestions {...props} onTaken={close} />
      </Modal>
    </>
  )
}

/** What is asked, or why nothing can be. */
function orderOf({ setup, sources, lists }: Props) {
  const sides = sidesOf(setup, sources, lists)
  if (sides === null) return 'Choose the target and the anchor set first.'
  const { sample, hindrance } = findSample(setup, sources, lists)
  if (sample === null) return hindrance ?? 'Choose a task, whose inputs the sources answer.'
  const { taskId } = sample
  return { ...withWeights(sides, equal), taskId, inputs, seed: defaults.seed }
}

function Suggestions({ onTaken, ...props }: Props & { onTaken: () => void }) {
  const { call } = useWorkbench()
  const order = orderOf(props)
  const ask = useMutation({
    mutationFn: async () => (typeof order === 'string' ? null : await call('mix.suggestSources', order))
  })
  const { sources, onWeights } = props
  const names = namesOf(sources)
  const take = (set: readonly number[]): void => {
    onWeights(
      Object.fromEntries(sources.map(({ prompt }, place) => [prompt.id, set.includes(place) ? 1 : 0]))
    )
    onTaken()
  }
  if (typeof order === 'string') return <Text>{order}</Text>
  return (
    <Stack>
      <Text size="sm">
        Every set of the sources is transferred and asked {inputs} inputs of the train split, whose labels are
        not read. Suggested is the set that answers most like all the sources do themselves, with their own
        prompts.
      </Text>
      <Text size="sm" className="quiet">
        How good that is: on the sample, over 22 relations and four targets, the set chosen so was 4.7 points
        better than all sources together and 4.0 below the best set. It gains where some sources transfer
        badly, and next to nothing where all are good. It was not tried on other models.
      </Text>
      <Failure of={ask} />
      {ask.data ? (
        <Sets names={names} {...ask.data} onTake={take} />
      ) : (
        <Group justify="flex-end">
          <Button loading={ask.isPending} onClick={() => ask.mutate()}>
            Ask the sources
          </Button>
        </Group>
      )}
    </Stack>
  )
}

type SetsProps = {
  names: readonly string[]
  inputs: number
  sets: readonly { sources: number[]; agreement: number }[]
  onTake: (set: readonly number[]) => void
}

function Sets({ names, inputs: asked, sets, onTake }: SetsProps) {
  const nameOf = (set: readonly number[]): string => set.map((place) => names[place]).join(' + ')
  return (
    <Table.ScrollContainer minWidth={320} maxHeight={360}>
      <Table aria-label="Sets of sources by agreement">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Sources</Table.Th>
            <Table.Th className="numeric">Agreement on {asked} inputs</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sets.map(({ sources, agreement }, rank) => (
            <Table.Tr key={sources.join(' ')}>
              <Table.Th scope="row" fw={rank === 0 ? 600 : 400}>
                {nameOf(sources)}
              </Table.Th>
              <Table.Td className="numeric">{percent(agreement)}</Table.Td>
              <Table.Td>
                <Button
                  size="compact-sm"
                  variant={rank === 0 ? 'filled' : 'default'}
                  aria-label={`Use ${nameOf(sources)}`}
                  onClick={() => onTake(sources)}
                >
                  Use
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
