/** Anchor sets: built from models with the count following the filters, looked at from all sides, and kept by name. */
import { Group, Stack, Tabs, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { SplitView } from '#renderer/components/split-view.tsx'
import { useModels } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { AuditTable } from './audit-table.tsx'
import { KeptSets } from './kept-sets.tsx'
import { OverlapChart } from './overlap-chart.tsx'
import { type AnchorChoice, orderOf, startingRecipe } from './recipe.ts'
import { RecipeForm } from './recipe-form.tsx'
import { SaveSet } from './save-set.tsx'
import { SpanChart } from './span-chart.tsx'
import { WordList } from './word-list.tsx'
import { WordSearch } from './word-search.tsx'

/** Long enough for a person to finish a number, short enough to seem to follow. */
const pauseMilliseconds = 200

export function AnchorsScreen() {
  const models = useModels()
  return (
    <Screen
      title="Anchors"
      lead="Surface forms that are one token in every model of a transfer: the points that prompts are transferred by."
    >
      <Answer query={models}>
        {(list) =>
          list.length === 0 ? (
            <>
              <EmptyState
                title="No models yet"
                text="Anchors are words that models share: add models on the screen Models first."
              />
              <KeptSets />
            </>
          ) : (
            <Builder models={list} />
          )
        }
      </Answer>
    </Screen>
  )
}

function Builder({ models }: { models: readonly ModelEntry[] }) {
  const { call } = useWorkbench()
  const present = models.filter(({ missing }) => !missing)
  const [choice, setChoice] = useState<AnchorChoice>({
    modelIds: present.map(({ id }) => id),
    recipe: startingRecipe
  })
  const chosen = present.filter(({ id }) => choice.modelIds.includes(id))
  const known = useMemo(
    () =>
      orderOf({
        ...choice,
        modelIds: choice.modelIds.filter((id) => models.some((model) => model.id === id))
      }),
    [choice, models]
  )
  const [order] = useDebouncedValue(known, pauseMilliseconds)
  const built = useQuery({
    queryKey: ['anchors', 'built', order],
    enabled: order.modelIds.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('anchors.build', { name: 'not kept yet', ...order }, { signal })
  })
  return (
    <SplitView
      label="how a set is built"
      side={<RecipeForm models={present} choice={choice} onChange={setChoice} />}
    >
      {order.modelIds.length === 0 ? (
        <Text className="quiet">Choose at least one model.</Text>
      ) : (
        <Stack>
          <Answer query={built}>
            {(set) => (
              <Group gap="lg">
                <Text size="xl" fw={700} role="status" aria-busy={built.isFetching}>
                  {count(set.anchors.length)} anchors
                </Text>
                <OtherCase order={order} anchors={set.anchors.length} />
                <SaveSet order={order} disabled={set.anchors.length === 0} />
              </Group>
            )}
          </Answer>
          <Sides order={order} models={chosen} set={built.data} />
        </Stack>
      )}
      <KeptSets />
    </SplitView>
  )
}

/** What the other policy of case would win or lose, where the set is not cut to a number. */
function OtherCase({ order, anchors }: { order: ReturnType<typeof orderOf>; anchors: number }) {
  const { call } = useWorkbench()
  const { recipe } = order
  const isFolded = recipe.casePolicy === 'fold'
  const other = {
    ...order,
    recipe: { ...recipe, casePolicy: isFolded ? ('exact' as const) : ('fold' as const) }
  }
  const built = useQuery({
    queryKey: ['anchors', 'built', other],
    enabled: recipe.cap === null,
    queryFn: ({ signal }) => call('anchors.build', { name: 'not kept yet', ...other }, { signal })
  })
  if (recipe.cap !== null || built.data === undefined) return null
  const won = built.data.anchors.length - anchors
  return (
    <Text size="sm" className="quiet">
      {`${isFolded ? 'Keeping case' : 'Folding case'}: ${won < 0 ? '−' : '+'}${count(Math.abs(won))}`}
    </Text>
  )
}

type SidesProps = {
  order: ReturnType<typeof orderOf>
  models: readonly ModelEntry[]
  set: AnchorSet | undefined
}

function Sides({ order, models, set }: SidesProps) {
  return (
    <Tabs defaultValue="overlap" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="overlap">Overlap</Tabs.Tab>
        <Tabs.Tab value="span">Coverage and rank</Tabs.Tab>
        <Tabs.Tab value="words">Words</Tabs.Tab>
        <Tabs.Tab value="audit">Filter report</Tabs.Tab>
        <Tabs.Tab value="search">Look up</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="overlap">
        <Overlap order={order} />
      </Tabs.Panel>
      <Tabs.Panel value="span">
        {set !== undefined && <SpanChart order={order} anchors={set.anchors.length} />}
      </Tabs.Panel>
      <Tabs.Panel value="words">{set !== undefined && <WordList anchors={set.anchors} />}</Tabs.Panel>
      <Tabs.Panel value="audit">
        {set !== undefined && set.audit !== null && <AuditTable audit={set.audit} />}
      </Tabs.Panel>
      <Tabs.Panel value="search">
        <WordSearch models={models} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Overlap({ order }: Pick<SidesProps, 'order'>) {
  const { call } = useWorkbench()
  const overlap = useQuery({
    queryKey: ['anchors', 'overlap', order],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('anchors.overlap', order, { signal })
  })
  return (
    <Answer query={overlap}>
      {(found) => (
        <Stack gap="xs">
          <OverlapChart overlap={found} />
        </Stack>
      )}
    </Answer>
  )
}
