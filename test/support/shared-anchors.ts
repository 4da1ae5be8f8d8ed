/** Every surface form that is one token in each of the models, as anchors. */
import type { Anchor } from '#engine/common/contract/anchors.ts'
import type { AnchorModel } from '#engine/models/anchors/anchor-model.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import type { OpenModel } from '#engine/models/open-model.ts'

/** A model as the functions on anchors take it. */
export const namedModel = (model: OpenModel): OpenModel & AnchorModel => ({
  ...model,
  name: model.report.name
})

export async function sharedAnchors(models: readonly OpenModel[]): Promise<readonly Anchor[]> {
  const recipe = {
    rule: 'surface',
    casePolicy: 'exact',
    filters: { wholeWords: false, lettersOnly: false, minimumLength: 1, wordList: null },
    cap: null,
    order: { by: 'rank', model: 0 }
  } as const
  const set = await buildAnchorSet(
    { name: 'shared', models: models.map(namedModel), recipe },
    { signal: new AbortController().signal, onProgress: () => {} }
  )
  return set.anchors
}
