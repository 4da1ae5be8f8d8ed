/** Anchors across models that keep case and models that lower-case. */
import type { AnchorAudit, AnchorRecipe } from '#engine/common/contract/anchors.ts'
import type { AnchorModel } from './anchor-model.ts'
import { keepWhere } from './audit.ts'
import type { Candidate } from './candidates.ts'

/**
 * Of the words that a model reads as one token (`Paris` and `paris` in ALBERT), keeps the first: the same embedding
 * twice would count twice in that model's relative codes, against two different ones in the others.
 * @param index of the model
 * @param collisions gets the words that fell together, by the surface of their token
 */
export function keepFirstOfFolded(
  candidates: readonly Candidate[],
  model: AnchorModel,
  index: number,
  steps: AnchorAudit['steps'],
  collisions: AnchorAudit['collisions']
): Candidate[] {
  const wordsOfToken = new Map<number, string[]>()
  const kept = keepWhere(candidates, `one word for a token of ${model.name}`, steps, ({ anchor, tokens }) => {
    const { id, stored } = tokens[index]
    const words = wordsOfToken.get(id)
    if (words === undefined) wordsOfToken.set(id, [anchor.surface])
    else words.push(anchor.surface)
    return words && `${model.name} reads it as ${stored}, like ${words[0]}, which comes first`
  })
  const surfaces = new Map(candidates.map(({ tokens }) => [tokens[index].id, tokens[index].surface]))
  for (const [id, tokens] of wordsOfToken) {
    if (tokens.length > 1) collisions.push({ model: model.name, surface: surfaces.get(id) ?? '', tokens })
  }
  return kept
}

/** What the case policy did to these models, in one sentence. */
export function describeCasePolicy(models: readonly AnchorModel[], recipe: AnchorRecipe): string {
  const lowering = models.filter((model) => model.tokenizer.lowercases).map((model) => model.name)
  const names = lowering.join(', ')
  switch (recipe.casePolicy) {
    case 'exact':
      return lowering.length === 0
        ? 'exact: no model lower-cases.'
        : `exact: only words in the same case everywhere; lower-casing models (${names}) know no capitals.`
    case 'fold':
      return lowering.length === 0
        ? 'fold: no model lower-cases, so nothing was folded.'
        : `fold: lower-casing models (${names}) match by the lower-cased word; of words that are one token there, the first in order was kept.`
  }
}
