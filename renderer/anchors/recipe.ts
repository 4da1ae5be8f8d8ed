/** How an anchor set is built, as the form holds it: models by their ids, so that the order survives a change of models. */
import { type AnchorRecipe, anchorRecipeSchema } from '#engine/common/contract/anchors.ts'

export type FormRecipe = Omit<AnchorRecipe, 'order'> & {
  readonly order:
    | { readonly by: 'rank' /** Null: the first of the models. */; readonly modelId: string | null }
    | { readonly by: 'sample'; readonly seed: number }
}

export type AnchorChoice = { readonly modelIds: readonly string[]; readonly recipe: FormRecipe }

/** The paper's rule, with the engine's defaults. */
export const startingRecipe: FormRecipe = {
  ...anchorRecipeSchema.parse({}),
  order: { by: 'rank', modelId: null }
}

/** What the workbench is asked to build. */
export function orderOf({ modelIds, recipe }: AnchorChoice): { modelIds: string[]; recipe: AnchorRecipe } {
  const { order } = recipe
  const model = order.by === 'rank' ? modelIds.indexOf(order.modelId ?? '') : -1
  return {
    modelIds: [...modelIds],
    recipe: {
      ...recipe,
      order: order.by === 'rank' ? { by: 'rank', model: Math.max(0, model) } : order
    }
  }
}

/** The words of a text file, one per line. */
export function parseWordList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
