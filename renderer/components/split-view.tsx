/** A form at the side, and what comes of it: each scrolls for itself; one above the other where it is narrow. */
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useFrameView } from './frame-view.ts'
import { Docked } from './panels.tsx'
import { narrow } from './screen.tsx'
import './split-view.css'

type Props = {
  /** What the form is about, for its edge. */
  label: string
  side: ReactNode
  children: ReactNode
}

export function SplitView({ label, side, children }: Props) {
  const [view, setView] = useFrameView()
  const isNarrow = useMediaQuery(narrow, undefined, { getInitialValueInEffect: false })
  const before = <div className="split-side">{side}</div>
  const main = <div className="split-main">{children}</div>
  if (isNarrow)
    return (
      <div className="split-stacked">
        {before}
        {main}
      </div>
    )
  return (
    <div className="split">
      <Docked
        orientation="horizontal"
        side="before"
        label={label}
        size={view.sideWidth}
        least={220}
        leastMain={320}
        onSize={(sideWidth) => setView({ sideWidth })}
        docked={before}
        main={main}
      />
    </div>
  )
}
