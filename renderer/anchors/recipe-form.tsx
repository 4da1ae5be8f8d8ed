/** How an anchor set is built: models, rule, case, filters, cap. */
import { Checkbox, NumberInput, Select, Stack } from '@mantine/core'
import type { ModelEntry } from '../../preload/contract/model-methods.ts'
import type { Recipe } from './recipe.ts'

type Props = {
  models: readonly ModelEntry[]
  modelIds: readonly string[]
  recipe: Recipe
  onModels: (ids: string[]) => void
  onRecipe: (recipe: Recipe) => void
}

export function RecipeForm({ models, modelIds, recipe, onModels, onRecipe }: Props) {
  const { filters } = recipe
  return (
    <Stack>
      <Checkbox.Group label="Models" value={[...modelIds]} onChange={onModels}>
        <Stack gap={6} mt={6}>
          {models.map(({ id, report }) => (
            <Checkbox key={id} value={id} label={report.name} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Select
        label="Rule"
        allowDeselect={false}
        data={[
          { value: 'single-token', label: 'One token in every model (the paper’s)' },
          { value: 'surface', label: 'The same surface in every vocabulary' }
        ]}
        value={recipe.rule}
        onChange={(rule) => {
          if (rule === 'single-token' || rule === 'surface') onRecipe({ ...recipe, rule })
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
          if (casePolicy === 'exact' || casePolicy === 'fold') onRecipe({ ...recipe, casePolicy })
        }}
      />
      <Checkbox
        label="Whole words only"
        checked={filters.wholeWords}
        onChange={(event) =>
          onRecipe({ ...recipe, filters: { ...filters, wholeWords: event.currentTarget.checked } })
        }
      />
      <Checkbox
        label="Letters only"
        checked={filters.lettersOnly}
        onChange={(event) =>
          onRecipe({ ...recipe, filters: { ...filters, lettersOnly: event.currentTarget.checked } })
        }
      />
      <NumberInput
        label="Shortest surface"
        min={1}
        allowDecimal={false}
        value={filters.minimumLength}
        onChange={(value) =>
          onRecipe({
            ...recipe,
            filters: { ...filters, minimumLength: typeof value === 'number' && value >= 1 ? value : 1 }
          })
        }
      />
      <NumberInput
        label="At most"
        placeholder="all"
        min={1}
        allowDecimal={false}
        value={recipe.cap ?? ''}
        onChange={(value) =>
          onRecipe({ ...recipe, cap: typeof value === 'number' && value >= 1 ? value : null })
        }
      />
    </Stack>
  )
}
