/** Models of one family often have one tokenizer: it is held once, however many of them are open. */
import type { Tokenizer } from './tokenizer.ts'

const held = new Map<string, WeakRef<Tokenizer>>()

/**
 * The tokenizer that is held of this fingerprint, else the one given.
 * @param fingerprint over all that a tokenizer is made from
 */
export function sharedTokenizer(fingerprint: string, opened: Tokenizer): Tokenizer {
  const known = held.get(fingerprint)?.deref()
  if (known !== undefined) return known
  for (const [key, reference] of held) if (reference.deref() === undefined) held.delete(key)
  held.set(fingerprint, new WeakRef(opened))
  return opened
}
