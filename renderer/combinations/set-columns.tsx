/** The columns of the figure of source sets as a person uses them: by pointer and by keyboard. */
import type { KeyboardEvent } from 'react'
import { percent, probability } from '#renderer/components/numbers.ts'
import type { FigureLayout, SetFigureData } from './figure-layout.ts'
import { points } from './set-marks.tsx'
import type { ComparedSet, SuggestedSet } from './source-sets.ts'

export type SetActions = {
  readonly onFocus: (name: string) => void
  /** Makes a set the one that the others are compared with. */
  readonly onCompare: (name: string) => void
  readonly onOpen: (name: string) => void
}

type Props = SetActions & {
  data: SetFigureData
  layout: FigureLayout
  focused: string
}

function describe({ name, accuracy, gain, letters }: ComparedSet, reference: ComparedSet): string {
  const against =
    gain === null
      ? 'the reference'
      : `${points(gain.difference)} points against ${reference.name}, ${points(gain.low)} to ${points(gain.high)}, ${probability(gain.adjusted)}`
  return `${name}: ${percent(accuracy)}, ${against}${letters === '' ? '' : `, letters ${letters}`}`
}

function describeSuggested({ name, mean, standardDeviation }: SuggestedSet): string {
  return `${name}: not run; ${percent(mean)} ± ${(200 * standardDeviation).toFixed(1)} expected`
}

/** Arrows move, Enter opens, a shifted Enter compares. */
function onColumnKey(event: KeyboardEvent<SVGRectElement>, name: string, actions: SetActions): void {
  const move = (sibling: Element | null): void => {
    if (sibling instanceof SVGElement) sibling.focus()
  }
  switch (event.key) {
    case 'ArrowRight':
      move(event.currentTarget.nextElementSibling)
      break
    case 'ArrowLeft':
      move(event.currentTarget.previousElementSibling)
      break
    case 'Enter':
      if (event.shiftKey) actions.onCompare(name)
      else actions.onOpen(name)
      break
    default:
      return
  }
  event.preventDefault()
}

export function SetColumns({ data: { sets, suggested, reference }, layout, focused, ...actions }: Props) {
  const columns = [
    ...sets.map((one) => ({ name: one.name, label: describe(one, reference), isTried: true })),
    ...suggested.map((one) => ({ name: one.name, label: describeSuggested(one), isTried: false }))
  ]
  return (
    <g role="listbox" aria-label="Sets of sources">
      {columns.map(({ name, label, isTried }, index) => (
        <rect
          key={name}
          role="option"
          aria-selected={name === focused}
          aria-label={label}
          tabIndex={name === focused ? 0 : -1}
          className="set-column"
          x={layout.x(index) - layout.column / 2}
          width={layout.column}
          height={layout.height}
          fill="transparent"
          onFocus={() => actions.onFocus(name)}
          onClick={({ shiftKey }) => {
            if (shiftKey && isTried) actions.onCompare(name)
            else actions.onFocus(name)
          }}
          onDoubleClick={() => actions.onOpen(name)}
          onKeyDown={(event) => onColumnKey(event, name, actions)}
        >
          <title>{label}</title>
        </rect>
      ))}
    </g>
  )
}
