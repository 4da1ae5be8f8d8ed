/** The fields of a grid: what is combined with what. */
import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput
} from '@mantine/core'
import { centreSchema } from '#engine/common/contract/transfer.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { baselineKinds, type Candidate, type GridChoice, relationsOf } from './grid-choice.ts'
import { isRidge, isSeed, parseKept, parseNumbers } from './number-list.ts'

type Props = {
  choice: GridChoice
  candidates: readonly Candidate[]
  lists: Lists
  onChange: (change: Partial<GridChoice>) => void
}

export function GridForm(props: Props) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <SourceFields {...props} />
      <TargetFields {...props} />
      <SearchFields {...props} />
      <TaskFields {...props} />
    </SimpleGrid>
  )
}

function SourceFields({ choice, candidates, onChange }: Props) {
  const relations = relationsOf(candidates)
  const number = choice.sources.length
  const change = (sources: string[]): void =>
    onChange({
      sources,
      most:
        choice.most === number
          ? Math.max(1, sources.length)
          : Math.min(choice.most, Math.max(1, sources.length))
    })
  return (
    <Fieldset legend="Source sets">
      <Stack gap="xs">
        <MultiSelect
          label="Models"
          data={candidates.map(({ key, label }) => ({ value: key, label }))}
          value={[...choice.sources]}
          onChange={change}
        />
        <Group gap="xs" wrap="nowrap">
          <NumberInput
            label="Set size: min"
            min={1}
            max={Math.max(1, choice.most)}
            allowDecimal={false}
            value={choice.least}
            onChange={(value) => typeof value === 'number' && value >= 1 && onChange({ least: value })}
          />
          <NumberInput
            label="Set size: max"
            min={1}
            max={Math.max(1, number)}
            allowDecimal={false}
            value={choice.most}
            onChange={(value) => typeof value === 'number' && value >= 1 && onChange({ most: value })}
          />
        </Group>
        {relations.length > 0 && (
          <Group gap="xs" wrap="nowrap" align="end">
            <MultiSelect
              flex={1}
              miw={0}
              label={`Relations, ${choice.relations.length} of ${relations.length}`}
              searchable
              classNames={{ pillsList: 'short-list' }}
              data={relations}
              value={[...choice.relations]}
              onChange={(chosen) => onChange({ relations: chosen })}
            />
            <Button variant="default" onClick={() => onChange({ relations })}>
              All {relations.length}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  )
}

function TargetFields({ choice, lists, onChange }: Props) {
  return (
    <Fieldset legend="Targets">
      <Stack gap="xs">
        <SimpleGrid cols={2} spacing="xs">
          <MultiSelect
            label="Targets"
            data={lists.models.map(({ id, report }) => ({ value: id, label: report.name }))}
            value={[...choice.targetIds]}
            onChange={(targetIds) => onChange({ targetIds })}
          />
          <MultiSelect
            label="Anchor sets"
            data={lists.sets.map(({ id, name }) => ({ value: id, label: name }))}
            value={[...choice.anchorSetIds]}
            onChange={(anchorSetIds) => onChange({ anchorSetIds })}
          />
          <TextInput
            label="Top-k anchors"
            placeholder="all, 64, 256"
            value={choice.kept}
            error={parseKept(choice.kept) === null && 'Whole numbers above 0, or all'}
            onChange={(event) => onChange({ kept: event.currentTarget.value })}
          />
          <Select
            label="Top-k per"
            allowDeselect={false}
            data={[
              { value: 'top-k', label: 'Each vector' },
              { value: 'common-top-k', label: 'All vectors together' }
            ]}
            value={choice.mask}
            onChange={(value) => onChange({ mask: value === 'common-top-k' ? value : 'top-k' })}
          />
          <MultiSelect
            label="Centring"
            data={[
              { value: 'none', label: 'None' },
              { value: 'mean', label: 'Mean of the anchors' }
            ]}
            value={[...choice.centres]}
            onChange={(values) => onChange({ centres: values.map((value) => centreSchema.parse(value)) })}
          />
        </SimpleGrid>
        <Checkbox
          label="Include self-transfer"
          checked={choice.includeSelfTransfer}
          onChange={(event) => onChange({ includeSelfTransfer: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  )
}

function SearchFields({ choice, onChange }: Props) {
  return (
    <Fieldset legend="Methods">
      <Stack gap="xs">
        <Checkbox
          label="Exact search"
          checked={choice.exact}
          onChange={(event) => onChange({ exact: event.currentTarget.checked })}
        />
        {choice.exact && (
          <TextInput
            label="Ridge λ"
            placeholder="0, 0.01, 0.1"
            value={choice.ridges}
            error={
              parseNumbers(choice.ridges, isRidge) === null &&
              'Non-negative numbers, comma-separated, each once: 0.01, 0.1'
            }
            onChange={(event) => onChange({ ridges: event.currentTarget.value })}
          />
        )}
        <Checkbox
          label="Adam, the paper’s search"
          checked={choice.adam}
          onChange={(event) => onChange({ adam: event.currentTarget.checked })}
        />
        {choice.adam && (
          <SimpleGrid cols={2} spacing="xs">
            <NumberInput
              label="Steps"
              min={1}
              step={500}
              allowDecimal={false}
              value={choice.steps}
              onChange={(value) => typeof value === 'number' && value >= 1 && onChange({ steps: value })}
            />
            <TextInput
              label="Seeds"
              placeholder="1, 2, 3"
              value={choice.seeds}
              error={parseNumbers(choice.seeds, isSeed) === null && 'Whole numbers from 0 on, each once'}
              onChange={(event) => onChange({ seeds: event.currentTarget.value })}
            />
          </SimpleGrid>
        )}
        <MultiSelect
          label="Baselines"
          description="With the same sources and anchors, not centred"
          data={[...baselineKinds]}
          value={[...choice.baselines]}
          onChange={(kinds) => onChange({ baselines: baselineKinds.filter((kind) => kinds.includes(kind)) })}
        />
      </Stack>
    </Fieldset>
  )
}

function TaskFields({ choice, onChange }: Props) {
  return (
    <Fieldset legend="Evaluated">
      <Stack gap="xs">
        <Checkbox
          label="Evaluate on the test split"
          checked={choice.evaluate}
          onChange={(event) => onChange({ evaluate: event.currentTarget.checked })}
        />
        <NumberInput
          label="Examples at most"
          placeholder="all"
          min={1}
          allowDecimal={false}
          disabled={!choice.evaluate}
          value={choice.limit ?? ''}
          onChange={(value) => onChange({ limit: typeof value === 'number' && value >= 1 ? value : null })}
        />
      </Stack>
    </Fieldset>
  )
}
