/** Numbers from options. */
import { AnchorageError } from '../../../engine/contract/errors.ts'

/** Any finite number; its range is checked by the engine. */
export function parseNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new AnchorageError('bad-argument', 'A number was not understood.', {
    found: text,
    expected: 'a number such as 0.003 or 3e-3'
  })
}
