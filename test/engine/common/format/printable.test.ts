/** Names and messages of others on a terminal: visible, and without power over it. */
import { expect, it } from 'vitest'
import { AnchorageError, errorToData, explainError } from '#engine/common/contract/errors.ts'
import { printable } from '#engine/common/format/printable.ts'

it('writes control characters out, C1 and direction marks among them, and leaves the rest', () => {
  expect(printable('a\u001b[2J\u009b31m\u0007b\u202ec')).toBe('a\\u001b[2J\\u009b31m\\u0007b\\u202ec')
  expect(printable('naïve\tλ → 漢字\n')).toBe('naïve\tλ → 漢字\n')
})

it('leaves JSON the same JSON', () => {
  const value = { name: '\u009b31m\u001b]0;title\u0007 "quoted" \\u009b' }
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value)
})

it('holds for every line of an error', () => {
  const error = new AnchorageError('file-malformed', 'Bad \u001b[31m', {
    where: 'tensor \u001b]52;c;x\u0007'
  })
  expect(explainError(errorToData(error))).toBe('Bad \\u001b[31m\n  where:    tensor \\u001b]52;c;x\\u0007')
})
