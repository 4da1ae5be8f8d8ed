/** What a model can do in the workbench, and what stands in the way, in plain words. */
import { useQuery } from '@tanstack/react-query'
import { errorInLine } from '#engine/common/contract/errors.ts'
import type { GraphReport } from '#engine/common/contract/graphs.ts'
import type { ModelEntry, ModelInspection } from '#preload/contract/model-methods.ts'
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

/** By what was read of a model; `graph` is a text where it has none that runs, and says why. */
export function abilitiesOf({ report, graph }: ModelInspection): Ability[] {
  const transfer: Ability = { name: 'transfer', state: 'yes', why: [] }
  if (typeof graph === 'string') return [transfer, unable('query', graph), unable('tune')]
  return [transfer, { name: 'query', state: 'yes', why: [report.graph.note] }, tuning(graph)]
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
  if (missing)
    return [
      unable('transfer', 'Its folder is not where it was: say where it is now.'),
      unable('query'),
      unable('tune')
    ]
  if (!hasGraph) return abilitiesOf({ report, graph: report.graph.note })
  if (graph.isError) return abilitiesOf({ report, graph: errorInLine(graph.error) })
  if (graph.data === undefined)
    return [
      { name: 'transfer', state: 'yes', why: [] },
      { name: 'query', state: 'checking', why: [] },
      { name: 'tune', state: 'checking', why: [] }
    ]
  return abilitiesOf({ report, graph: graph.data })
}
