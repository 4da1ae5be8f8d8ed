/** The settings of a scope: fields for those that there is a choice of, a line for the others. */
import { Select } from '@mantine/core'
import { StatusLine } from '#renderer/components/status-line.tsx'
import type { Tool } from '#renderer/components/tool-row.tsx'
import type { FigureScope } from '#renderer/figures/archive-text.ts'
import { fieldText } from './run-fields.ts'
import type { ChosenSettings, ScopeSetting } from './scope.ts'

type Props = {
  settings: readonly ScopeSetting[]
  onChoose: (change: ChosenSettings) => void
}

/** The settings that there is a choice of, for a row that shows as many as have room. */
export function scopeTools(settings: Props['settings'], onChoose: Props['onChoose']): Tool[] {
  return settings
    .filter(({ values }) => values.length > 1)
    .map((setting) => ({
      key: setting.field.key,
      text: `${setting.field.title} ${fieldText(setting.field, setting.value)}`,
      field: <SettingSelect setting={setting} onChoose={onChoose} />
    }))
}

/** The settings as what is the same for all figures of the scope: those that there was a choice of, and the others. */
export function figureSettings(settings: Props['settings']): FigureScope['settings'] {
  return settings
    .filter(({ value }) => value !== null)
    .map(({ field, value, values }) => ({
      name: field.title,
      value: fieldText(field, value),
      isChosen: values.length > 1
    }))
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
      // Its label stands beside it.
      w={120 + 7 * field.title.length}
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
