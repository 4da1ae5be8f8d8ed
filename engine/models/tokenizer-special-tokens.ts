/** The special tokens of a tokenizer by their role. */
import type { TokenizerConfig } from './tokenizer-config.ts'
import type { TokenizerDefinition } from './tokenizer-definition.ts'

export type SpecialToken = { readonly id: number; readonly token: string }

/** Null where a tokenizer has no token for the role. */
export type SpecialTokens = {
  readonly mask: SpecialToken | null
  readonly cls: SpecialToken | null
  readonly sep: SpecialToken | null
  readonly pad: SpecialToken | null
  readonly bos: SpecialToken | null
  readonly eos: SpecialToken | null
  readonly unk: SpecialToken | null
}

/** The special tokens that the configuration names; the one for unknown text also from the model itself. */
export function findSpecialTokens(
  definition: TokenizerDefinition,
  config: TokenizerConfig,
  idByStored: ReadonlyMap<string, number>
): SpecialTokens {
  const find = (token: string | null | undefined): SpecialToken | null => {
    const id = token === null || token === undefined ? undefined : idByStored.get(token)
    return id === undefined || token === null || token === undefined ? null : { id, token }
  }
  return {
    mask: find(config.mask_token),
    cls: find(config.cls_token),
    sep: find(config.sep_token),
    pad: find(config.pad_token),
    bos: find(config.bos_token),
    eos: find(config.eos_token),
    unk: find(definition.unknownToken) ?? find(config.unk_token)
  }
}
