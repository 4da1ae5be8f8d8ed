/** Which anchors come first, and are kept where there are too many: by rank in one vocabulary, or a seeded sample. */
import { Group, NumberInput, Select } from '@mantine/core'
import { defaults } from '#engine/common/contract/defaults.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { FormRecipe } from './recipe.ts'

type Props = {
  order: FormRecipe['order']
  /** The models of the set. */
  models: readonly ModelEntry[]
  onChange: (order: FormRecipe['order']) => void
}

const sample = 'sample'

export function OrderInput({ order, models, onChange }: Props) {
  const [first] = models
  const ranked =
    order.by === 'rank' && models.some(({ id }) => id === order.modelId) ? order.modelId : first?.id
  return (
    <Group align="end" wrap="nowrap">
      <Select
        label="Order by"
        allowDeselect={false}
        flex={1}
        data={[
          ...models.map(({ id, report }) => ({ value: id, label: `By rank in ${report.name}` })),
          { value: sample, label: 'A random sample' }
        ]}
        value={order.by === 'sample' ? sample : (ranked ?? null)}
        onChange={(value) =>
          onChange(value === sample ? { by: 'sample', seed: defaults.seed } : { by: 'rank', modelId: value })
        }
      />
      {order.by === 'sample' && (
        <NumberInput
          label="Seed"
          allowDecimal={false}
          w={90}
          value={order.seed}
          onChange={(seed) => {
            if (typeof seed === 'number') onChange({ by: 'sample', seed })
          }}
        />
      )}
    </Group>
  )
}
