/** How one model knows a word: the paper's rule, and the case of models that lower-case. */
import type { Anchor, AnchorRecipe } from '#engine/common/contract/anchors.ts'
import type { Tokenizer } from '../tokenizer.ts'
import type { Token, Vocabulary } from '../vocabulary.ts'

/** What anchors ask of an open model. */
export type AnchorModel = {
  readonly name: string
  /** The tokens that have an embedding. */
  readonly vocabulary: Vocabulary
  readonly tokenizer: Tokenizer
}

type CasePolicy = AnchorRecipe['casePolicy']

/** The token of a word in one model, or why it has none. */
export type Finding =
  | { readonly token: Token; readonly reason?: undefined }
  | { readonly token?: undefined; readonly reason: string }

/** A surface as models that lower-case see it: they strip accents as well. */
export function foldSurface(surface: string): string {
  return surface
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
}

/** Whether a model may know a word by its lower-cased surface. */
export function foldsCase(model: AnchorModel, policy: CasePolicy): boolean {
  return policy === 'fold' && model.tokenizer.lowercases
}

/**
 * The paper's rule for one model: `' ' + word` is one known token that begins a word. It must also stand for this
 * very word (for its lower-cased form where the case is folded): a tokenizer may drop or rewrite characters.
 */
export function findSingleToken(word: string, model: AnchorModel, policy: CasePolicy): Finding {
  const { name, tokenizer, vocabulary } = model
  const ids = tokenizer.encodeContinuation(` ${word}`)
  if (ids.length !== 1) return { reason: `${name} cuts it into ${ids.length} tokens` }
  const id = ids[0]
  if (id === tokenizer.special.unk?.id) return { reason: `${name} does not know it` }
  const token = vocabulary.byId.get(id)
  if (token === undefined) return { reason: `${name} has no embedding for its token ${id}` }
  if (token.kind !== 'word') return { reason: `${token.stored} is no word in ${name}, but ${token.kind}` }
  if (!token.beginsWord) return { reason: `${name} reads it as ${token.stored}, which continues a word` }
  const same = foldsCase(model, policy)
    ? foldSurface(token.surface) === foldSurface(word)
    : token.surface === word
  return same ? { token } : { reason: `${name} reads it as ${token.stored}` }
}

/** The words of a vocabulary by surface and word start. */
export type SurfaceIndex = {
  /** The first token of this surface; with `folded`, of its lower-cased form. */
  readonly find: (anchor: Anchor, folded: boolean) => Token | undefined
  /** Whether several tokens have this surface. */
  readonly isShared: (anchor: Anchor) => boolean
  /** The tokens of such surfaces. */
  readonly shared: readonly (readonly Token[])[]
}

/** Looks up the words of a vocabulary; special, unused, byte and space tokens are left out. */
export function indexSurfaces(vocabulary: Vocabulary): SurfaceIndex {
  const index = new Map<string, Token[]>()
  for (const token of vocabulary.tokens) {
    if (token.kind !== 'word') continue
    const key = keyOf(token)
    const tokens = index.get(key)
    if (tokens === undefined) index.set(key, [token])
    else tokens.push(token)
  }
  const first = (surface: string, beginsWord: boolean) => index.get(keyOf({ surface, beginsWord }))?.[0]
  return {
    find: ({ surface, beginsWord }, folded) =>
      folded
        ? (first(surface.toLowerCase(), beginsWord) ?? first(foldSurface(surface), beginsWord))
        : first(surface, beginsWord),
    isShared: (anchor) => (index.get(keyOf(anchor))?.length ?? 0) > 1,
    shared: [...index.values()].filter((tokens) => tokens.length > 1)
  }
}

/** One text for (surface, begins word): what anchors are compared by. */
export function keyOf({ surface, beginsWord }: Anchor): string {
  return `${beginsWord ? ' ' : ''}${surface}`
}
