/** What is mixed and how, all but the weights: prompts, target, anchors, mask, centring, λ, rescale, task. */
import { Checkbox, Group, MultiSelect, NumberInput, Select, Stack } from '@mantine/core'
import { memo, useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { centredSetup, keptOf, type MixSetup, mixChoiceSchema, modelOf, ownTask } from './mix-choice.ts'
import { RidgeInput } from './ridge-input.tsx'

type Change = (change: Partial<MixSetup>) => void

const maskKinds: Record<MixSetup['mask'], string> = {
  all: 'All anchors',
  'top-k': 'Top-k per vector',
  'common-top-k': 'Shared top-k mask'
}

/** The prompts of models of the project: given ones first, those that runs found after them. */
function promptGroups({ prompts, models }: Lists) {
  const owned = prompts.filter((prompt) => modelOf(prompt, models) !== undefined)
  const entry = ({ id, name, model }: Lists['prompts'][number]) => ({
    value: id,
    label: `${name} · ${model.name ?? ''}`
  })
  const given = owned.filter(({ runId }) => runId === null)
  const transferred = owned.filter(({ runId }) => runId !== null)
  return [
    { group: 'Tuned', items: given.map(entry) },
    { group: 'Found by runs', items: transferred.map(entry) }
  ].filter(({ items }) => items.length > 0)
}

type SourceProps = { setup: MixSetup; lists: Lists; onChange: Change }

/** As many as the list shows at once; typing finds the others. */
const shownPrompts = 200

/** What the list of prompts leaves out, and why; null where it shows all. */
function leftOut(all: number, offered: number): string | null {
  const notes = [
    ...(offered < all
      ? [`${count(offered)} of ${count(all)} prompts: the others belong to no model of the project.`]
      : []),
    ...(offered > shownPrompts ? [`The list shows ${shownPrompts}; type to find more.`] : [])
  ]
  return notes.length === 0 ? null : notes.join(' ')
}

/** Which prompts are mixed. */
export const SourceChoice = memo(function SourceChoice({ setup, lists, onChange }: SourceProps) {
  const data = useMemo(() => promptGroups(lists), [lists])
  const offered = data.reduce((sum, { items }) => sum + items.length, 0)
  return (
    <MultiSelect
      label="Prompts of the sources"
      description={leftOut(lists.prompts.length, offered)}
      placeholder={setup.promptIds.length === 0 ? 'One, or several to mix' : undefined}
      searchable
      limit={shownPrompts}
      maxDropdownHeight={320}
      data={data}
      value={setup.promptIds}
      onChange={(promptIds) => onChange({ promptIds })}
    />
  )
})

export const MixForm = memo(function MixForm({ setup, lists, onChange }: SourceProps) {
  const { models, sets, tasks } = lists
  const taskChoices = [
    { value: ownTask, label: 'Of the prompts’ relation' },
    ...tasks.map(({ id, summary }) => ({ value: id, label: summary.name }))
  ]
  const set = sets.find(({ id }) => id === setup.anchorSetId)
  return (
    <Stack gap="sm">
      <Select
        label="Target"
        placeholder="The model to transfer to"
        searchable
        data={models.map(({ id, report }) => ({ value: id, label: report.name }))}
        value={setup.targetId}
        onChange={(targetId) => onChange({ targetId })}
      />
      <Select
        label="Anchor set"
        placeholder="The words that all share"
        searchable
        data={sets.map(({ id, name, count }) => ({ value: id, label: `${name} (${count})` }))}
        value={setup.anchorSetId}
        onChange={(anchorSetId) => onChange({ anchorSetId })}
      />
      <Group gap="xs" wrap="nowrap" align="end">
        <Select
          flex={1}
          label="Mask"
          allowDeselect={false}
          data={Object.entries(maskKinds).map(([value, label]) => ({ value, label }))}
          value={setup.mask}
          onChange={(value) => onChange({ mask: mixChoiceSchema.shape.mask.parse(value ?? undefined) })}
        />
        <NumberInput
          w={96}
          label="k"
          aria-label="Top-k anchors"
          min={1}
          {...(set === undefined ? {} : { max: set.count })}
          allowDecimal={false}
          disabled={setup.mask === 'all'}
          value={setup.mask === 'all' ? '' : keptOf(setup, lists)}
          onChange={(value) => typeof value === 'number' && value >= 1 && onChange({ kept: value })}
        />
      </Group>
      <Checkbox
        label="Centre: without the mean of the anchors"
        description="Taken from both sides before Eq. 3, the target’s put back after"
        checked={setup.centre === 'mean'}
        onChange={(event) => onChange(centredSetup(setup, event.currentTarget.checked ? 'mean' : 'none'))}
      />
      <RidgeInput ridge={setup.ridge} onChange={(ridge) => onChange({ ridge })} />
      <Checkbox
        label="Rescale to the target’s statistics (Eq. 6)"
        checked={setup.rescale === 'after'}
        onChange={(event) => onChange({ rescale: event.currentTarget.checked ? 'after' : 'none' })}
      />
      <Select
        label="Task"
        description="Tried on its dev split; weights chosen by that are no longer zero-shot"
        placeholder="None: matching alone"
        clearable
        searchable
        data={taskChoices}
        value={setup.task}
        onChange={(task) => onChange({ task })}
      />
    </Stack>
  )
})
