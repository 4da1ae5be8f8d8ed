/** Fields in one row: those that there is no room for are behind a button that says what they are set to. */
import { Button } from '@mantine/core'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'

export type Tool = {
  readonly key: string
  /** What it is set to, such as `λ 0.01`. */
  readonly text: string
  readonly field: ReactNode
}

/** Between two fields, and what the button takes at least, in pixels. */
const [gap, leastButton] = [10, 120]

/** How many of the fields stand in a row of this width; all where they do without the button. */
function fitting(widths: readonly number[], room: number): number {
  const ends: number[] = []
  for (const width of widths) ends.push((ends.at(-1) ?? -gap) + gap + width)
  if ((ends.at(-1) ?? 0) <= room) return widths.length
  return ends.filter((end) => end + gap + leastButton <= room).length
}

type Props = {
  tools: readonly Tool[]
  /** What always stands at the end of the row. */
  end?: ReactNode
}

export function ToolRow({ tools, end }: Props) {
  const row = useRef<HTMLDivElement>(null)
  const widths = useRef(new Map<string, number>())
  const [fits, setFits] = useState(tools.length)
  const [showsAll, setShowsAll] = useState(false)
  const keys = tools.map(({ key }) => key).join('\n')
  useLayoutEffect(() => {
    const element = row.current
    if (element === null) return
    const measure = (): void => {
      for (const child of element.querySelectorAll('[data-tool]'))
        widths.current.set(child.getAttribute('data-tool') ?? '', child.getBoundingClientRect().width)
      setFits(
        fitting(
          keys.split('\n').map((key) => widths.current.get(key) ?? 0),
          element.clientWidth
        )
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [keys])
  const [inRow, behind] = [tools.slice(0, fits), tools.slice(fits)]
  const draw = ({ key, field }: Tool) => (
    <div key={key} data-tool={key} className="tool">
      {field}
    </div>
  )
  return (
    <>
      <div className="tool-line">
        <div ref={row} className="tool-row">
          {inRow.map(draw)}
          {behind.length > 0 && (
            <Button
              className="tool-more"
              size="compact-xs"
              variant="default"
              aria-expanded={showsAll}
              title={behind.map(({ text }) => text).join(' · ')}
              onClick={() => setShowsAll(!showsAll)}
            >
              {`${showsAll ? '▾' : '▸'} ${behind.map(({ text }) => text).join(' · ')}`}
            </Button>
          )}
        </div>
        {end}
      </div>
      {showsAll && behind.length > 0 && <div className="tool-rest">{behind.map(draw)}</div>}
    </>
  )
}
