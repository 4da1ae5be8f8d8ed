/** What long tables have in common: only the rows in sight are drawn, heads sort, a first column chooses. */
import { UnstyledButton } from '@mantine/core'
import type { Updater } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ComponentProps, type RefObject, useEffect, useRef } from 'react'
import './table-parts.css'

/** The state that an updater of the table leads to. */
export function updated<T>(updater: Updater<T>, before: T): T {
  return updater instanceof Function ? updater(before) : updater
}

export type RowWindow = {
  /** For the element that scrolls. */
  readonly scrolled: RefObject<HTMLDivElement | null>
  /** Of the rows in sight and some around them. */
  readonly indices: readonly number[]
  /** Heights of what is not drawn above and below, in pixels. */
  readonly before: number
  readonly after: number
}

/** Rows beyond those in sight that are drawn all the same: scrolling shows no gaps. */
const overscan = 10

/**
 * Which of `count` rows of one height, in pixels, are to be drawn.
 * @param order what the order of the rows depends on: another one is seen from its top
 */
export function useRowWindow(count: number, rowHeight: number, order: string): RowWindow {
  const scrolled = useRef<HTMLDivElement>(null)
  const shownOrder = useRef(order)
  useEffect(() => {
    if (shownOrder.current !== order) scrolled.current?.scrollTo({ top: 0 })
    shownOrder.current = order
  }, [order])
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scrolled.current,
    estimateSize: () => rowHeight,
    // Before it is measured no more is in sight than the window shows: rows are drawn with the table, not at once after it.
    initialRect: { width: 0, height: window.innerHeight },
    overscan
  })
  const shown = virtualizer.getVirtualItems()
  return {
    scrolled,
    indices: shown.map(({ index }) => index),
    before: shown[0]?.start ?? 0,
    after: Math.max(0, virtualizer.getTotalSize() - (shown.at(-1)?.end ?? 0))
  }
}

/** Takes the place of rows that are not drawn. */
export function RowGap({ height }: { height: number }) {
  return height > 0 ? <tr style={{ height }} /> : null
}

const marks = { asc: ' ↑', desc: ' ↓' } as const
const sortNames = { asc: 'ascending', desc: 'descending' } as const

type SortHeadProps = ComponentProps<'th'> & {
  title: string
  sorted: 'asc' | 'desc' | false
  onSort: ((event: unknown) => void) | undefined
  isNumber: boolean
  /** What a person may want to know of sorting here. */
  hint?: string
}

/** The head of a column that sorts; `children` stand behind its title. */
export function SortHead({ title, sorted, onSort, isNumber, hint, children, ...rest }: SortHeadProps) {
  return (
    <th
      {...rest}
      className={isNumber ? 'numeric' : undefined}
      aria-sort={sorted === false ? 'none' : sortNames[sorted]}
    >
      <UnstyledButton className="sort" onClick={onSort} title={hint}>
        {title}
        {sorted === false ? '' : marks[sorted]}
      </UnstyledButton>
      {children}
    </th>
  )
}

type ChoiceProps = {
  label: string
  isChosen: boolean
  isPartly?: boolean
  onChoose: ((event: unknown) => void) | undefined
}

/** Of the page's own: in a table that scrolls, each of Mantine's costs as much as the rest of its row. */
export function Choice({ label, isChosen, isPartly = false, onChoose }: ChoiceProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = isPartly && !isChosen
  })
  return (
    <input
      ref={box}
      type="checkbox"
      className="row-choice"
      aria-label={label}
      checked={isChosen}
      onChange={onChoose ?? (() => {})}
    />
  )
}
