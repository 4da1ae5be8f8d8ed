/**
 * What is shown and chosen of a table, and what can be done with what is chosen. It is there before anything is chosen:
 * ticking a row moves nothing.
 */
import { Button, Text } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'

export type SelectionAction = {
  readonly label: string
  /** It asks for something more before it does anything. */
  readonly hasMore?: true
  readonly act: () => void
}

type Props = {
  /** What the table shows. */
  text: string
  chosen: number
  actions: readonly SelectionAction[]
}

export function SelectionBar({ text, chosen, actions }: Props) {
  return (
    <div className="selection-bar">
      <Text size="sm" className="quiet" role="status">
        {text}
      </Text>
      {chosen > 0 && <Text size="sm">{`${count(chosen)} chosen`}</Text>}
      <div className="screen-actions">
        {actions.map(({ label, hasMore, act }) => (
          <Button key={label} size="compact-xs" variant="default" disabled={chosen === 0} onClick={act}>
            {label}
            {chosen > 0 && ` ${count(chosen)}`}
            {hasMore === true && ' …'}
          </Button>
        ))}
      </div>
    </div>
  )
}
