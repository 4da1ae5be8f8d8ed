/** Which settings an experiment varies. */
import { type SettingName, settingNames } from './conditions.ts'
import type { MeasuredExperiment } from './study-measurements.ts'

/** Settings of which an experiment has more than one value. */
export function variedSettings({ experiment }: Pick<MeasuredExperiment, 'experiment'>): SettingName[] {
  return settingNames.filter((name) => (experiment.vary[name]?.length ?? 0) > 1)
}
