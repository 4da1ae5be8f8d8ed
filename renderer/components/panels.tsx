/** Panels that a person resizes by their edges, by pointer and by arrow keys; sizes are remembered. */
import { type ReactNode, useRef } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import './panels.css'

type EdgeProps = { label: string }

export function Edge({ label }: EdgeProps) {
  return <Separator className="edge" aria-label={label} />
}

type DockedProps = {
  orientation: 'horizontal' | 'vertical'
  /** What takes the room that is left. */
  main: ReactNode
  /** What is docked before or behind it; null: nothing is. */
  docked: ReactNode
  side: 'before' | 'behind'
  /** What its edge resizes. */
  label: string
  /** Of what is docked, in pixels. */
  size: number
  least: number
  leastMain: number
  onSize: (size: number) => void
}

/** A panel docked to another. What is `main` stays the same whether or not something is docked. */
export function Docked(props: DockedProps) {
  const { orientation, main, docked, side, label, size, least, leastMain, onSize } = props
  const group = useRef<HTMLDivElement>(null)
  const dock = docked !== null && (
    <Panel
      key="docked"
      id="docked"
      className="panel"
      defaultSize={size}
      minSize={least}
      maxSize={orientation === 'horizontal' ? '40' : '60'}
      groupResizeBehavior="preserve-pixel-size"
    >
      {docked}
    </Panel>
  )
  const edge = docked !== null && <Edge key="edge" label={`Resize ${label}`} />
  return (
    <Group
      orientation={orientation}
      className="panels"
      elementRef={group}
      onLayoutChanged={({ docked: share }, { isUserInteraction }) => {
        if (!isUserInteraction || share === undefined || group.current === null) return
        const { offsetWidth, offsetHeight } = group.current
        onSize(Math.round((share / 100) * (orientation === 'horizontal' ? offsetWidth : offsetHeight)))
      }}
    >
      {side === 'before' && dock}
      {side === 'before' && edge}
      <Panel key="main" id="main" className="panel" minSize={leastMain}>
        {main}
      </Panel>
      {side === 'behind' && edge}
      {side === 'behind' && dock}
    </Group>
  )
}
