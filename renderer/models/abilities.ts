/** What a model can do in the workbench, and what stands in the way, in plain words. */
import { useQuery } from '@tanstack/react-query'
import { errorToData } from '#engine/common/contract/errors.ts'
import type { GraphReport } from '#engine/common/contract/graphs.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

export type Ability = {
  readonly name: 'transfer' | 'query' | 'tune'
  readonly state: 'yes' | 'no' | 'checking'
  /** Why not, or what limits it. */
  readonly why: readonly string[]
}

/** Nodes that are named one by one; of the others the number is said. */
const obstaclesNamed = 3

function tuning({ obstacles }: GraphReport): Ability {
  if (obstacles.length === 0) return { name: 'tune', state: 'yes', why: [] }
  const named = obstacles
    .slice(0, obstaclesNamed)
    .map(({ node, operator, reason, next }) => `${operator} “${node}”: ${reason} ${next}`)
  const more = obstacles.length - named.length
  return {
    name: 'tune',
    state: 'no',
    why: [
      'Gradients can’t pass its graph, so prompts can be asked but not tuned.',
      ...named,
      ...(more > 0 ? [`${more} more nodes stand in the way.`] : [])
    ]
  }
}

function unable(name: Ability['name'], ...why: string[]): Ability {
  return { name, state: 'no', why }
}

/** The graph is looked at when `isInSight`: forty models need not be opened to see the first ones. */
export function useAbilities(model: ModelEntry, isInSight: boolean): Ability[] {
  const { call } = useWorkbench()
  const { id, reference, report, missing } = model
  const hasGraph = report.graph.file !== null
  const graph = useQuery({
    queryKey: ['model graph', id, reference, report.fingerprint],
    enabled: isInSight && hasGraph && !missing,
    queryFn: ({ signal }) => call('models.inspectGraph', { id }, { signal })
  })
  const transfer: Ability = { name: 'transfer', state: 'yes', why: [] }
  if (missing)
    return [
      unable('transfer', 'Its folder is not where it was: say where it is now.'),
      unable('query'),
      unable('tune')
    ]
  if (!hasGraph) return [transfer, unable('query', report.graph.note), unable('tune')]
  if (graph.isError) {
    const { message, next } = errorToData(graph.error)
    return [transfer, unable('query', next === undefined ? message : `${message} ${next}`), unable('tune')]
  }
  if (graph.data === undefined)
    return [
      transfer,
      { name: 'query', state: 'checking', why: [] },
      { name: 'tune', state: 'checking', why: [] }
    ]
  return [transfer, { name: 'query', state: 'yes', why: [report.graph.note] }, tuning(graph.data)]
}
