/** The settings of a scope in a link to a view: `anchors=512&ridge=0.01`. */
import type { FollowedLink, LinkValues } from '#renderer/connection/link.ts'
import { type ChosenSettings, type ScopeSetting, settingKeys } from './scope.ts'

/** Those that nobody chose too: what is most frequent now may not be when the link is followed. */
export function scopeLink(settings: readonly ScopeSetting[]): LinkValues {
  return Object.fromEntries(settings.map(({ field, value }) => [field.key, value]))
}

export function settingsOfLink(link: FollowedLink): ChosenSettings {
  return Object.fromEntries(
    settingKeys.flatMap((key) => {
      const value = link.value(key)
      return value === undefined || typeof value === 'boolean' ? [] : [[key, value] as const]
    })
  )
}
