/**
 * Templates: where input, prompt and mask stand, for example `[X] [V1] [V2] [MASK] .`. LAMA writes `[Y]` for
 * the mask; both are read. A template is a list of parts between which white space is not significant: what
 * stands before a mask or a virtual token is a matter of each tokenizer.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'input' }
  | { readonly kind: 'mask' }
  /** Vector `index` (from 0) of the prompt. */
  | { readonly kind: 'vector'; readonly index: number }

export type Template = {
  readonly source: string
  readonly parts: readonly TemplatePart[]
  /** `m`, the number of prompt vectors that it uses. */
  readonly vectors: number
}

const slot = /\[(X|Y|MASK|V\d+)\]/g

function malformed(source: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('bad-argument', 'The template is not usable.', {
    where: source,
    found,
    expected,
    next: 'Write it like "[X] [V1] [V2] [MASK] ." or "[X] was born in [Y] ."'
  })
}

function slotPart(name: string, source: string): TemplatePart {
  if (name === 'X') return { kind: 'input' }
  if (name === 'Y' || name === 'MASK') return { kind: 'mask' }
  const index = Number(name.slice(1)) - 1
  if (index < 0) throw malformed(source, `[${name}]`, 'vectors counted from [V1]')
  return { kind: 'vector', index }
}

/**
 * Parses and checks a template: exactly one mask, at most one input, vectors numbered without a gap.
 * @throws `bad-argument` that names the fault.
 */
export function parseTemplate(source: string): Template {
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of source.matchAll(slot)) {
    if (match.index > end) parts.push({ kind: 'text', text: source.slice(end, match.index) })
    parts.push(slotPart(match[1], source))
    end = match.index + match[0].length
  }
  if (end < source.length) parts.push({ kind: 'text', text: source.slice(end) })

  const count = (kind: TemplatePart['kind']) => parts.filter((part) => part.kind === kind).length
  if (count('mask') !== 1) throw malformed(source, `${count('mask')} masks`, 'exactly one [MASK] (or [Y])')
  if (count('input') > 1) throw malformed(source, `${count('input')} times [X]`, 'at most one [X]')
  const used = new Set(parts.flatMap((part) => (part.kind === 'vector' ? [part.index] : [])))
  for (let index = 0; index < used.size; index++) {
    if (!used.has(index)) throw malformed(source, `no [V${index + 1}]`, 'vectors numbered without a gap')
  }
  return { source, parts, vectors: used.size }
}
