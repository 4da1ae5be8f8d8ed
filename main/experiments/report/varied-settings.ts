/** Which settings a section varies. */
import { type SettingName, settingNames } from './conditions.ts'
import type { MeasuredSection } from './experiment-measurements.ts'

/** Settings of which a section has more than one value. */
export function variedSettings({ section }: Pick<MeasuredSection, 'section'>): SettingName[] {
  return settingNames.filter((name) => (section.vary[name]?.length ?? 0) > 1)
}
