/** The figures of a screen together: each says what it is for as long as it is shown, so that all are saved in one go. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from 'react'
import type { TableData } from '#engine/common/format/table.ts'

export type ShownFigure = {
  readonly title: string
  /** What it shows, with N, interval and test where it has them. */
  readonly caption: string
  readonly table: TableData
  /** As SVG for paper, so many points wide where it has room in that. */
  readonly draw: (width: number) => string | Promise<string>
}

type FigureSet = {
  /** Takes a figure in; gives back what takes it out. */
  readonly add: (current: () => ShownFigure) => () => void
  /** Those that are shown, as they are now. */
  readonly all: () => ShownFigure[]
}

const FigureSetContext = createContext<FigureSet>({ add: () => () => {}, all: () => [] })

export function FigureSetProvider({ children }: { children: ReactNode }) {
  const set = useMemo<FigureSet>(() => {
    const shown = new Set<() => ShownFigure>()
    return {
      add: (current) => {
        shown.add(current)
        return () => shown.delete(current)
      },
      all: () => [...shown].map((current) => current())
    }
  }, [])
  return <FigureSetContext value={set}>{children}</FigureSetContext>
}

export function useFigureSet(): Pick<FigureSet, 'all'> {
  return useContext(FigureSetContext)
}

/** Makes a figure one of those of its screen. */
export function useShownFigure(figure: ShownFigure): void {
  const { add } = useContext(FigureSetContext)
  const newest = useRef(figure)
  useEffect(() => {
    newest.current = figure
  })
  useEffect(() => add(() => newest.current), [add])
}
