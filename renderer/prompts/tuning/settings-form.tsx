/** The recipe of a tuning, setting by setting; OptiPrompt's own is where it starts. */
import { Checkbox, NumberInput, Select, SimpleGrid } from '@mantine/core'
import type { TuningSettings } from '#engine/common/contract/tuning.ts'

type Props = { settings: TuningSettings; onChange: (settings: TuningSettings) => void }

type NumberSetting = {
  readonly key: 'learningRate' | 'batchSize' | 'epochs' | 'warmup' | 'validationsPerEpoch' | 'weightDecay'
  readonly label: string
  readonly isWhole: boolean
  readonly minimum: number
  readonly maximum?: number
}

const numberSettings: readonly NumberSetting[] = [
  { key: 'learningRate', label: 'Learning rate', isWhole: false, minimum: 1e-8 },
  { key: 'batchSize', label: 'Batch size', isWhole: true, minimum: 1 },
  { key: 'epochs', label: 'Epochs', isWhole: true, minimum: 1 },
  { key: 'warmup', label: 'Warm-up, share of steps', isWhole: false, minimum: 0, maximum: 1 },
  { key: 'validationsPerEpoch', label: 'Validations per epoch', isWhole: true, minimum: 1 },
  { key: 'weightDecay', label: 'Weight decay', isWhole: false, minimum: 0 }
]

export function SettingsForm({ settings, onChange }: Props) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm">
      {numberSettings.map(({ key, label, isWhole, minimum, maximum }) => (
        <NumberInput
          key={key}
          label={label}
          allowDecimal={!isWhole}
          decimalScale={10}
          min={minimum}
          {...(maximum === undefined ? {} : { max: maximum })}
          value={settings[key]}
          onChange={(value) => {
            if (typeof value === 'number' && value >= minimum) onChange({ ...settings, [key]: value })
          }}
        />
      ))}
      <NumberInput
        label="Early-stopping patience"
        placeholder="no early stop"
        allowDecimal={false}
        min={1}
        value={settings.patience ?? ''}
        onChange={(value) =>
          onChange({ ...settings, patience: typeof value === 'number' && value >= 1 ? value : null })
        }
      />
      <Select
        label="Loss vocabulary"
        allowDeselect={false}
        data={[
          { value: 'vocabulary', label: 'the whole vocabulary' },
          { value: 'candidates', label: 'the task’s candidates' }
        ]}
        value={settings.lossOver}
        onChange={(lossOver) => {
          if (lossOver === 'vocabulary' || lossOver === 'candidates') onChange({ ...settings, lossOver })
        }}
      />
      <Checkbox
        mt={30}
        label="Shuffle each epoch"
        checked={settings.shuffle}
        onChange={({ currentTarget }) => onChange({ ...settings, shuffle: currentTarget.checked })}
      />
    </SimpleGrid>
  )
}
