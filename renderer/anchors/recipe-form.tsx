/** How an anchor set is built: models, rule, case, filters, how many and which first. */
import {
  Button,
  Checkbox,
  CloseButton,
  FileButton,
  Group,
  Input,
  NumberInput,
  ScrollArea,
  Select,
  Stack,
  Text
} from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { OrderInput } from './order-input.tsx'
import { type AnchorChoice, type FormRecipe, parseWordList } from './recipe.ts'

type Props = {
  models: readonly ModelEntry[]
  choice: AnchorChoice
  onChange: (choice: AnchorChoice) => void
}

export function RecipeForm({ models, choice, onChange }: Props) {
  const { modelIds, recipe } = choice
  const { filters } = recipe
  const change = (part: Partial<FormRecipe>): void => onChange({ ...choice, recipe: { ...recipe, ...part } })
  const filter = (part: Partial<FormRecipe['filters']>): void => change({ filters: { ...filters, ...part } })
  return (
    <Stack>
      <ModelChoice
        models={models}
        chosen={modelIds}
        onChange={(ids) => onChange({ ...choice, modelIds: ids })}
      />
      <Select
        label="Rule"
        allowDeselect={false}
        data={[
          { value: 'single-token', label: 'One token in every model (the paper’s)' },
          { value: 'surface', label: 'The same surface in every vocabulary' }
        ]}
        value={recipe.rule}
        onChange={(rule) => {
          if (rule === 'single-token' || rule === 'surface') change({ rule })
        }}
      />
      <Select
        label="Case"
        allowDeselect={false}
        data={[
          { value: 'exact', label: 'Kept' },
          { value: 'fold', label: 'Folded for models that lower-case' }
        ]}
        value={recipe.casePolicy}
        onChange={(casePolicy) => {
          if (casePolicy === 'exact' || casePolicy === 'fold') change({ casePolicy })
        }}
      />
      <Checkbox
        label="Whole words only"
        checked={filters.wholeWords}
        onChange={({ currentTarget }) => filter({ wholeWords: currentTarget.checked })}
      />
      <Checkbox
        label="Letters only"
        checked={filters.lettersOnly}
        onChange={({ currentTarget }) => filter({ lettersOnly: currentTarget.checked })}
      />
      <Group grow align="start">
        <NumberInput
          label="Min. characters"
          min={1}
          allowDecimal={false}
          value={filters.minimumLength}
          onChange={(value) => filter({ minimumLength: typeof value === 'number' && value >= 1 ? value : 1 })}
        />
        <NumberInput
          label="Max. anchors"
          placeholder="all"
          min={1}
          allowDecimal={false}
          value={recipe.cap ?? ''}
          onChange={(value) => change({ cap: typeof value === 'number' && value >= 1 ? value : null })}
        />
      </Group>
      <OrderInput
        order={recipe.order}
        models={models.filter(({ id }) => modelIds.includes(id))}
        onChange={(order) => change({ order })}
      />
      <WordListInput words={filters.wordList} onChange={(wordList) => filter({ wordList })} />
    </Stack>
  )
}

type ModelChoiceProps = {
  models: readonly ModelEntry[]
  chosen: readonly string[]
  onChange: (ids: string[]) => void
}

function ModelChoice({ models, chosen, onChange }: ModelChoiceProps) {
  const hasAll = chosen.length === models.length
  return (
    <Stack gap={6}>
      <Checkbox.Group label="Models" value={[...chosen]} onChange={onChange}>
        <ScrollArea.Autosize mah={220} type="auto" mt={6}>
          <Stack gap={6}>
            {models.map(({ id, report }) => (
              <Checkbox key={id} value={id} label={report.name} className="breakable" />
            ))}
          </Stack>
        </ScrollArea.Autosize>
      </Checkbox.Group>
      {models.length > 3 && (
        <Button
          size="compact-xs"
          variant="default"
          w="fit-content"
          onClick={() => onChange(hasAll ? [] : models.map(({ id }) => id))}
        >
          {hasAll ? 'Clear' : 'All models'}
        </Button>
      )}
    </Stack>
  )
}

type WordListProps = { words: readonly string[] | null; onChange: (words: string[] | null) => void }

function WordListInput({ words, onChange }: WordListProps) {
  const read = async (file: File | null): Promise<void> => {
    if (file !== null) onChange(parseWordList(await file.text()))
  }
  return (
    <Input.Wrapper
      label="Word list"
      labelElement="div"
      description="A text file with a word per line, such as LAMA’s common vocabulary: only these words."
    >
      <Group gap="xs" mt={6}>
        <FileButton onChange={(file) => void read(file)}>
          {(props) => (
            <Button {...props} size="compact-sm" variant="default">
              Choose a list
            </Button>
          )}
        </FileButton>
        {words !== null && (
          <>
            <Text size="sm">{count(words.length)} words</Text>
            <CloseButton size="sm" aria-label="Leave the word list out" onClick={() => onChange(null)} />
          </>
        )}
      </Group>
    </Input.Wrapper>
  )
}
