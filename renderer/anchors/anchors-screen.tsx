/** Anchor sets: built from models with the count following the filters, audited, searched, and kept by name. */
import { Grid, Stack, Table, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelEntry } from '../../preload/contract/model-methods.ts'
import { count } from '../components/numbers.ts'
import { Answer, EmptyState, Screen } from '../components/screen.tsx'
import { useAnchorSets, useModels } from '../connection/queries.ts'
import { useWorkbench } from '../connection/workbench.tsx'
import { AnchorSetView } from './anchor-set-view.tsx'
import { type Recipe, startingRecipe } from './recipe.ts'
import { RecipeForm } from './recipe-form.tsx'
import { SaveSet } from './save-set.tsx'

/** Long enough for a person to finish a number, short enough to seem to follow. */
const pauseMilliseconds = 200

export function AnchorsScreen() {
  const models = useModels()
  return (
    <Screen
      title="Anchors"
      lead="Surface forms that are one token in every model of a transfer: the points that prompts are carried by."
    >
      <Answer query={models}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="No models yet" text="Anchors are words that models share: add models first." />
          ) : (
            <Builder models={list} />
          )
        }
      </Answer>
      <KeptSets />
    </Screen>
  )
}

function Builder({ models }: { models: readonly ModelEntry[] }) {
  const { call } = useWorkbench()
  const [modelIds, setModelIds] = useState<string[]>(models.map(({ id }) => id))
  const [recipe, setRecipe] = useState<Recipe>(startingRecipe)
  const known = modelIds.filter((id) => models.some((model) => model.id === id))
  const [order] = useDebouncedValue({ modelIds: known, recipe }, pauseMilliseconds)
  const built = useQuery({
    queryKey: ['anchors', 'built', order],
    enabled: order.modelIds.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('anchors.build', { name: 'not kept yet', ...order }, { signal })
  })
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 4 }}>
        <RecipeForm
          models={models}
          modelIds={known}
          recipe={recipe}
          onModels={setModelIds}
          onRecipe={setRecipe}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        {order.modelIds.length === 0 ? (
          <Text className="quiet">Choose at least one model.</Text>
        ) : (
          <Answer query={built}>
            {(set) => (
              <Stack>
                <Text size="xl" fw={700} role="status" aria-busy={built.isFetching}>
                  {count(set.anchors.length)} anchors
                </Text>
                <SaveSet order={order} disabled={set.anchors.length === 0} />
                <AnchorSetView set={set} />
              </Stack>
            )}
          </Answer>
        )}
      </Grid.Col>
    </Grid>
  )
}

function KeptSets() {
  const sets = useAnchorSets()
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        Kept sets
      </Title>
      <Answer query={sets}>
        {(list) =>
          list.length === 0 ? (
            <Text className="quiet">
              Sets that you keep are listed here and can be chosen for a transfer.
            </Text>
          ) : (
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th className="numeric">Anchors</Table.Th>
                  <Table.Th>SHA-256</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.map((set) => (
                  <Table.Tr key={set.id}>
                    <Table.Td>{set.name}</Table.Td>
                    <Table.Td className="numeric">{count(set.count)}</Table.Td>
                    <Table.Td>{set.hash.slice(0, 12)}…</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Answer>
    </Stack>
  )
}
