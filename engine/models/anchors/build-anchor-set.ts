/**
 * Makes an anchor set: the words that are one token in every model, by the paper's rule or by surface, filtered,
 * ordered and cut to a number, with an account of every step.
 */
import { setImmediate } from 'node:timers/promises'
import type { Anchor, AnchorAudit, AnchorRecipe, AnchorSet } from '#engine/common/contract/anchors.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import {
  type AnchorModel,
  type Finding,
  findSingleToken,
  foldsCase,
  indexSurfaces,
  type SurfaceIndex
} from './anchor-model.ts'
import { hashAnchors } from './anchor-text.ts'
import { keepWhere } from './audit.ts'
import { type Candidate, listCandidates } from './candidates.ts'
import { describeCasePolicy, keepFirstOfFolded } from './case-folding.ts'

export type AnchorRequest = {
  readonly name: string
  readonly models: readonly AnchorModel[]
  readonly recipe: AnchorRecipe
}

/** How a caller follows the work. */
export type BuildOptions = {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Words encoded between two looks at the signal: some 10 ms. */
const wordsPerStep = 1024

/** Collisions listed in an audit. */
const collisionsShown = 200

/**
 * Builds an anchor set.
 * @throws `bad-argument` for no models or an order by a model that is not there, `mismatch` where no word is left,
 *   `cancelled`
 */
export async function buildAnchorSet(request: AnchorRequest, options: BuildOptions = {}): Promise<AnchorSet> {
  const { name, models, recipe } = request
  const orderingIndex = recipe.order.by === 'rank' ? recipe.order.model : 0
  requireModel(models, orderingIndex)
  const steps: AnchorAudit['steps'] = []
  const collisions: AnchorAudit['collisions'] = []
  const indexes = models.map((model) => indexSurfaces(model.vocabulary))

  let left = listCandidates(models, recipe, steps)
  for (const [index, model] of models.entries()) {
    left = keepInVocabulary(left, model, indexes[index], index, recipe, steps)
  }
  if (recipe.rule === 'single-token') {
    for (const [index, model] of models.entries()) {
      options.onProgress?.({ done: index, total: models.length, label: `Looking words up in ${model.name}` })
      left = await keepSingleTokens(left, model, index, recipe, steps, options.signal)
    }
  }
  left.sort((a, b) => a.tokens[orderingIndex].id - b.tokens[orderingIndex].id)
  for (const [index, model] of models.entries()) {
    if (foldsCase(model, recipe.casePolicy)) left = keepFirstOfFolded(left, model, index, steps, collisions)
  }
  left = cut(left, recipe, models[orderingIndex], steps)

  for (const [index, model] of models.entries()) collisions.push(...sharedSurfaces(model, indexes[index]))
  const audit: AnchorAudit = {
    models: models.map(countWords),
    steps,
    collisions: collisions.slice(0, collisionsShown),
    casePolicy: describeCasePolicy(models, recipe)
  }
  requireSome(left, steps)
  const anchors: Anchor[] = left.map(({ anchor }) => anchor)
  return { name, anchors, hash: hashAnchors(anchors), recipe, audit }
}

function requireModel(models: readonly AnchorModel[], index: number): void {
  if (index < models.length) return
  throw new AnchorageError('bad-argument', 'An anchor set is made of models, and ordered by one of them.', {
    where: 'order',
    found: `model ${index} of ${models.length}`,
    expected: models.length === 0 ? 'at least one model' : `a number from 0 to ${models.length - 1}`,
    next: 'Choose the model whose vocabulary gives the order.'
  })
}

/** Keeps the words that a model's vocabulary holds, by surface and word start. */
function keepInVocabulary(
  candidates: readonly Candidate[],
  model: AnchorModel,
  surfaces: SurfaceIndex,
  index: number,
  recipe: AnchorRecipe,
  steps: AnchorAudit['steps']
): Candidate[] {
  const folded = foldsCase(model, recipe.casePolicy)
  return keepWhere(candidates, `in the vocabulary of ${model.name}`, steps, ({ anchor, tokens }) => {
    const token = surfaces.find(anchor, folded)
    if (token !== undefined) tokens[index] = token
    else if (model.tokenizer.lowercases && surfaces.find(anchor, true) !== undefined) {
      return `${model.name} lower-cases and the case policy is exact`
    } else return `not in ${model.name}`
    return undefined
  })
}

/** Keeps the words that pass the paper's rule in a model, with the token that it gives. */
async function keepSingleTokens(
  candidates: readonly Candidate[],
  model: AnchorModel,
  index: number,
  { casePolicy }: AnchorRecipe,
  steps: AnchorAudit['steps'],
  signal: AbortSignal | undefined
): Promise<Candidate[]> {
  const findings = new Map<Candidate, Finding>()
  for (const [position, candidate] of candidates.entries()) {
    if (position % wordsPerStep === 0) {
      await setImmediate()
      throwIfCancelled(signal)
    }
    findings.set(candidate, findSingleToken(candidate.anchor.surface, model, casePolicy))
  }
  return keepWhere(candidates, `one token in ${model.name}`, steps, (candidate) => {
    const finding = findings.get(candidate)
    if (finding?.token !== undefined) candidate.tokens[index] = finding.token
    return finding?.reason
  })
}

/** The first `k` in order, or a seeded sample of `k`, which stays in order. */
function cut(
  candidates: readonly Candidate[],
  { cap, order }: AnchorRecipe,
  orderingModel: AnchorModel,
  steps: AnchorAudit['steps']
): Candidate[] {
  if (cap === null) return [...candidates]
  switch (order.by) {
    case 'rank': {
      const kept = new Set(candidates.slice(0, cap))
      const step = `first ${cap} by rank in ${orderingModel.name}`
      return keepWhere(candidates, step, steps, (item) => (kept.has(item) ? undefined : 'ranks lower'))
    }
    case 'sample': {
      const kept = new Set(shuffled(candidates, seededUniform(order.seed)).slice(0, cap))
      const step = `sample of ${cap} with seed ${order.seed}`
      return keepWhere(candidates, step, steps, (item) => (kept.has(item) ? undefined : 'not drawn'))
    }
  }
}

function sharedSurfaces(model: AnchorModel, surfaces: SurfaceIndex): AnchorAudit['collisions'] {
  return surfaces.shared.map((tokens) => ({
    model: model.name,
    surface: tokens[0].surface,
    tokens: tokens.map((token) => token.stored)
  }))
}

function countWords({ name, vocabulary }: AnchorModel): AnchorAudit['models'][number] {
  const considered = vocabulary.tokens.filter((token) => token.kind === 'word').length
  return { name, tokens: vocabulary.tokens.length, considered }
}

function requireSome(left: readonly Candidate[], steps: AnchorAudit['steps']): void {
  if (left.length > 0) return
  const emptied = steps.find((step) => step.left === 0)
  throw new AnchorageError('mismatch', 'No word is left to be an anchor.', {
    where: emptied?.step,
    found: steps.map(({ step, left: count }) => `${step}: ${count}`).join('; '),
    expected: 'words that are one token in every model',
    next: 'Loosen the filters, fold the case, or choose models whose vocabularies have words in common.'
  })
}
