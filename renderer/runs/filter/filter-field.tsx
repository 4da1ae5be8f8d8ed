/**
 * The filter of a table of runs: one field with two looks. At rest it shows its parts as chips; while it is written in it
 * shows the same as text. “+ filter” adds a part from the fields and values that occur.
 */
import { Box, Popover, TextInput } from '@mantine/core'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { FilterChip } from './filter-chip.tsx'
import { FilterEditor } from './filter-editor.tsx'
import { filterParts, parseFilter, withPart } from './run-filter.ts'
import './filter-field.css'

/** Widths at the end of the field, in pixels: of “+ filter”, and of how many parts there is no room for. */
const [addWidth, moreWidth] = [64, 28]

/** How many chips there is no room for in the line: they are in lines below it, out of sight. */
function useHidden(chips: RefObject<HTMLElement | null>, text: string): number {
  const [hidden, setHidden] = useState(0)
  useLayoutEffect(() => {
    const line = chips.current
    if (line === null || text === '') {
      setHidden(0)
      return
    }
    const measure = (): void => {
      const all = [...line.querySelectorAll<HTMLElement>('.chip')]
      const first = all[0]?.offsetTop ?? 0
      setHidden(all.filter(({ offsetTop }) => offsetTop > first).length)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(line)
    return () => observer.disconnect()
  }, [chips, text])
  return hidden
}

type Props = {
  text: string
  /** What it narrows. */
  runs: readonly RunEntry[]
  onText: (text: string) => void
}

export function FilterField({ text, runs, onText }: Props) {
  const [isWritten, setWritten] = useState(false)
  const [isAdding, setAdding] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const chips = useRef<HTMLDivElement>(null)
  const parts = filterParts(text)
  const placed = parts.map((part, index) => ({ part, index }))
  const problems = parts.flatMap(({ problem }) => problem ?? [])
  const showsChips = !isWritten && parts.length > 0
  const more = useHidden(chips, showsChips ? text : '')
  const endWidth = more > 0 ? addWidth + moreWidth : addWidth

  /** The runs that the parts leave, but for one of them. */
  const offeredWithout = (index: number): readonly RunEntry[] =>
    runs.filter(parseFilter(withPart(parts, index, null)).matches)

  const focusChip = (index: number): void => {
    const all = [...(chips.current?.querySelectorAll<HTMLElement>('[data-chip]') ?? [])]
    const chip = all[Math.max(0, Math.min(index, all.length - 1))] ?? field.current
    chip?.focus()
    chip?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }

  return (
    <TextInput
      ref={field}
      className="filter run-filter"
      label="Filter"
      placeholder="target:bert-large accuracy>0.6 -method:adam"
      title={
        showsChips
          ? undefined
          : 'Words, field:text (contains), field=text (is exactly), numbers by > < >= <=; - excludes.'
      }
      value={text}
      error={problems.length === 0 ? null : problems.join('; ')}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Tab' || !event.shiftKey || parts.length === 0) return
        event.preventDefault()
        // The chips, which come before the text, are there only while it is not written in.
        flushSync(() => setWritten(false))
        focusChip(parts.length - 1)
      }}
      onFocus={() => setWritten(true)}
      onBlur={() => setWritten(false)}
      leftSectionWidth={showsChips ? `calc(100% - ${endWidth}px)` : 0}
      leftSectionPointerEvents="none"
      leftSection={
        showsChips && (
          <Box ref={chips} className="chips" role="group" aria-label="Narrowed by">
            {placed.map(({ part, index }) => (
              <FilterChip
                // Two parts may be the same: they are known by their place.
                key={index}
                part={part}
                offered={() => offeredWithout(index)}
                onChange={(condition) => {
                  // What is taken out is gone before another one gets the focus.
                  flushSync(() => onText(withPart(parts, index, condition)))
                  focusChip(index)
                }}
                onMove={(places) => focusChip(index + places)}
              />
            ))}
          </Box>
        )
      }
      rightSectionWidth={endWidth}
      rightSectionPointerEvents="all"
      rightSection={
        <>
          {more > 0 && (
            <button
              type="button"
              className="add-filter"
              aria-label={`${more} more: show all as text`}
              title="Show all as text"
              onClick={() => field.current?.focus()}
            >
              +{more}
            </button>
          )}
          <Popover
            opened={isAdding}
            onChange={setAdding}
            position="bottom-end"
            shadow="md"
            trapFocus
            returnFocus
            withRoles={false}
          >
            <Popover.Target>
              <button
                type="button"
                className="add-filter"
                aria-haspopup="dialog"
                aria-expanded={isAdding}
                title="Choose a field and a value that occurs"
                onClick={() => setAdding(!isAdding)}
              >
                + filter
              </button>
            </Popover.Target>
            <Popover.Dropdown role="dialog" aria-label="Add to what it is narrowed by">
              {isAdding && (
                <FilterEditor
                  condition={null}
                  runs={offeredWithout(parts.length)}
                  onApply={(condition) => {
                    setAdding(false)
                    onText(withPart(parts, parts.length, condition))
                  }}
                />
              )}
            </Popover.Dropdown>
          </Popover>
        </>
      }
    />
  )
}
