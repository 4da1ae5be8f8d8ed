/** Every fused operator that is written as plain ones, by its name with its domain. */
import * as activations from './activations.ts'
import { attention, multiHeadAttention } from './attention.ts'
import { embeddingLayerNormalisation } from './embeddings.ts'
import type { Expansion } from './expansion.ts'
import { groupedAttention } from './grouped-attention.ts'
import * as normalisations from './normalisations.ts'
import { fusedMatrixProduct } from './products.ts'
import { microsoftRotaryEmbedding, rotationByAngles, standardRotaryEmbedding } from './rotary.ts'
import { standardAttention } from './standard-attention.ts'

/** Lookups of token ids, which are taken apart before prompt vectors are put in. */
export const lookupExpansions: Readonly<Record<string, Expansion>> = {
  'com.microsoft.EmbedLayerNormalization': embeddingLayerNormalisation
}

/** Operators that are written out whatever a graph is for, as their kernels don't take batches that exports mean. */
export const batchExpansions: Readonly<Record<string, Expansion>> = { RotaryEmbedding: rotationByAngles }

export const expansions: Readonly<Record<string, Expansion>> = {
  ...lookupExpansions,
  'com.microsoft.Attention': attention,
  'com.microsoft.BiasGelu': activations.geluByErf,
  'com.microsoft.FastGelu': activations.geluByTanh,
  'com.microsoft.FusedMatMul': fusedMatrixProduct,
  'com.microsoft.Gelu': activations.geluByErf,
  'com.microsoft.GroupQueryAttention': groupedAttention,
  'com.microsoft.MultiHeadAttention': multiHeadAttention,
  'com.microsoft.QuickGelu': activations.quickGelu,
  'com.microsoft.RotaryEmbedding': microsoftRotaryEmbedding,
  'com.microsoft.SkipLayerNormalization': normalisations.skipLayerNormalisation,
  'com.microsoft.SkipSimplifiedLayerNormalization': normalisations.skipRmsNormalisation,
  Attention: standardAttention,
  RMSNormalization: normalisations.rmsNormalisation,
  RotaryEmbedding: standardRotaryEmbedding,
  SimplifiedLayerNormalization: normalisations.rmsNormalisation
}
