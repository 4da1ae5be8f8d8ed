/** The recipe of an anchor set as the form holds it: complete, defaults filled in. */
import { type AnchorRecipe, anchorRecipeSchema } from '../../engine/contract/anchors.ts'

export type Recipe = AnchorRecipe

/** The paper's rule, with the engine's defaults. */
export const startingRecipe: Recipe = anchorRecipeSchema.parse({})
