/** One colour and marker per model of the project, the same in every figure. */
import { useMemo } from 'react'
import { categoryColour } from '#engine/common/format/palette.ts'
import { useModels } from './queries.ts'

export type ModelMark = {
  readonly colour: string
  /** plotly's number of the marker: what differs is told apart without colour too. */
  readonly symbol: number
}

/** The mark of a model by its name, from its place among those of the project; of one that is gone the next free. */
export function useModelMarks(): (name: string) => ModelMark {
  const { data } = useModels()
  return useMemo(() => {
    const names = [...new Set((data ?? []).map(({ report }) => report.name))]
    return (name) => {
      const known = names.indexOf(name)
      const place = known === -1 ? names.push(name) - 1 : known
      return { colour: categoryColour(place), symbol: place }
    }
  }, [data])
}
