/** The settings of a scope: fields for those that there is a choice of, a line for the others. */
import { Select } from '@mantine/core'
import { StatusLine } from '#renderer/components/status-line.tsx'
import { fieldText } from './run-fields.ts'
import type { ChosenSettings, ScopeSetting } from './scope.ts'

type Props = {
  settings: readonly ScopeSetting[]
  onChoose: (change: ChosenSettings) => void
}

export function ScopeSettings({ settings, onChoose }: Props) {
  return settings
    .filter(({ values }) => values.length > 1)
    .map((setting) => <SettingSelect key={setting.field.key} setting={setting} onChoose={onChoose} />)
}

/** The settings that there is no choice of, in the status bar. */
export function FixedSettings({ settings }: Pick<Props, 'settings'>) {
  const fixed = settings.filter(({ values, value }) => values.length === 1 && value !== null)
  const text = fixed.map(({ field, value }) => `${field.title} ${fieldText(field, value)}`).join(' · ')
  return (
    <StatusLine>
      <span title={text}>{text}</span>
    </StatusLine>
  )
}

type SettingProps = { setting: ScopeSetting; onChoose: Props['onChoose'] }

function SettingSelect({ setting: { field, values, value }, onChoose }: SettingProps) {
  const shown = values.toSorted((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
  )
  return (
    <Select
      w={150}
      label={field.title}
      allowDeselect={false}
      data={shown.map((one) => ({ value: JSON.stringify(one), label: fieldText(field, one) }))}
      value={JSON.stringify(value)}
      onChange={(text) =>
        onChoose({ [field.key]: shown.find((one) => JSON.stringify(one) === text) ?? null })
      }
    />
  )
}
