/**
 * Which of several sources to transfer from, chosen without labels: the set whose transferred prompt answers inputs most often
 * as all the sources answer them together (docs/better-prompts.md says how good that choice is).
 */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { mostSuggestible, type SuggestedSources } from '#engine/common/contract/refinement.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { subsetsOf } from './plan/subsets.ts'

type CallControl = Parameters<EngineCalls['call']>[2]

export type SuggestionRequest = {
  /** The sources with their prompts and weights, and the target. */
  readonly sides: EngineArguments<'transfer.mixingBasis'>
  /** What the sources answer by, in the same order. */
  readonly asked: Omit<EngineArguments<'tuning.agreement'>, 'conditions' | 'model'>
  /** What the prompts stand in; null: the usual template. */
  readonly template: string | null
}

/** @throws `bad-argument` for one source, or too many */
export function requireSuggestible(sources: number): void {
  if (sources >= 2 && sources <= mostSuggestible) return
  throw new AnchorageError('bad-argument', `Sources are chosen among 2 to ${mostSuggestible}.`, {
    where: 'sources',
    found: `${sources} of them`,
    next: 'Name the sources that are worth comparing: the target is asked with every set of them.'
  })
}

/** Every set of the sources, by their places, transferred and asked; best first. @throws as {@link requireSuggestible}, and what the engine says */
export async function suggestSources(
  engine: EngineCalls,
  { sides, asked, template }: SuggestionRequest,
  control: CallControl
): Promise<SuggestedSources> {
  const { sources, target } = sides
  requireSuggestible(sources.length)
  const basis = await engine.call('transfer.mixingBasis', sides, control)
  const places = sources.map((_, place) => place)
  // Larger sets first: of sets that agree equally well the largest is suggested.
  const sets = subsetsOf(places, 1, places.length).reverse()
  const conditions = sets.map((set) => {
    const weights = sources.map(({ weight }, place) => (set.includes(place) ? weight : 0))
    return { kind: 'prompt', name: set.join(' '), vectors: mix(basis, weights).prompt, template } as const
  })
  const { agreement, inputs } = await engine.call(
    'tuning.agreement',
    { ...asked, model: target, conditions },
    control
  )
  return {
    inputs,
    sets: sets
      .map((set, index) => ({ sources: set, agreement: agreement[index] ?? 0 }))
      .sort((a, b) => b.agreement - a.agreement)
  }
}
