import { describe, expect, it } from 'vitest'
import { type PickleRules, readPickle } from '#engine/files/pickle.ts'
import { PickleEnd } from '#engine/files/pickle-end.ts'

const nothingAllowed: PickleRules = { global: () => undefined, persistent: (id) => id }

function load(text: string): unknown {
  return readPickle(Buffer.from(text, 'latin1'), 0, nothingAllowed, 'test').value
}

describe('the pickle reader', () => {
  // Written by Python's pickle.dumps of {'a': [1, -2, 3.5, None, True], 'b': ('x', 2**70)} in each protocol.
  const written: [number, string][] = [
    [
      2,
      '\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02(K\x01J\xfe\xff\xff\xffG@\x0c\x00\x00\x00\x00\x00\x00N\x88eX\x01\x00\x00\x00bq\x03X\x01\x00\x00\x00xq\x04\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x40\x86q\x05u.'
    ],
    [
      4,
      '\x80\x04\x954\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94]\x94(K\x01J\xfe\xff\xff\xffG@\x0c\x00\x00\x00\x00\x00\x00N\x88e\x8c\x01b\x94\x8c\x01x\x94\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x40\x86\x94u.'
    ]
  ]
  it.each(written)('reads protocol %i', (_, text) => {
    const expected = new Map<string, unknown>([
      ['a', [1, -2, 3.5, null, true]],
      ['b', ['x', 2n ** 70n]]
    ])
    expect(load(text)).toEqual(expected)
  })

  it('refuses names, by whatever opcode they come', () => {
    const attacks = ['cos\nsystem\n(S', '\x80\x04\x8c\x02os\x8c\x06system\x93.', 'c__builtin__\neval\n.']
    for (const attack of attacks) {
      expect(() => load(attack)).toThrow(expect.objectContaining({ code: 'file-unsafe' }))
    }
  })

  it.each([
    ['a call of data', ']]R.'],
    ['an opcode for Python classes', '(i__main__\nThing\n.'],
    ['an end without a beginning', ')u.'],
    ['a memo that was never made', 'h\x07.'],
    ['pop of nothing', '0.'],
    ['items for a number', 'K\x01(K\x02e.'],
    ['a key without value', '}(K\x01u.'],
    ['marks without end', '('.repeat(2000)],
    ['protocol 6', '\x80\x06.']
  ])('refuses %s', (_, text) => {
    expect(() => load(text)).toThrow(expect.objectContaining({ code: 'file-malformed' }))
  })

  it.each([
    ['a text', 'X\xff\xff\xff\x7fabc'],
    ['a number', 'J\x00\x00'],
    ['a line', 'cos'],
    ['everything', '']
  ])('says where the bytes end within %s', (_, text) => {
    expect(() => load(text)).toThrow(PickleEnd)
  })
})
