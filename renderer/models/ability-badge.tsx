/** One thing that a model can or can't do. */
import { Badge } from '@mantine/core'
import type { Ability } from './abilities.ts'

/** In words and not by colour alone. */
export function AbilityBadge({ ability: { name, state } }: { ability: Ability }) {
  const text = { yes: name, no: `no ${name}`, checking: `${name} …` }[state]
  return (
    <Badge
      size="sm"
      flex="none"
      variant={state === 'yes' ? 'light' : 'default'}
      tt="none"
      aria-busy={state === 'checking'}
    >
      {text}
    </Badge>
  )
}
