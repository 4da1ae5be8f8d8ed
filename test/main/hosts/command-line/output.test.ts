/** What commands print: names of others among it. */
import { expect, it } from 'vitest'
import { createOutput } from '#main/hosts/command-line/output.ts'

function printed(json: boolean, print: (output: ReturnType<typeof createOutput>) => void): string {
  let text = ''
  print(createOutput(json, (written) => (text += written)))
  return text
}

it('shows escape sequences in names without obeying them', () => {
  const name = 'weight\u001b[2J\u001b]0;owned\u0007'
  const text = printed(false, (output) => {
    output.line(name)
    output.table(['tensor'], [[name]])
    output.pairs([['tensor', name]])
  })
  expect(text).not.toContain('\u001b')
  expect(text).not.toContain('\u0007')
  expect(text.match(/weight\\u001b\[2J/g)).toHaveLength(3)
  expect(JSON.parse(printed(true, (output) => output.result({ name })))).toEqual({ name })
})

it('keeps a row on its line', () => {
  expect(printed(false, (output) => output.pairs([['tensor', 'a\r\nb']]))).toBe('tensor  a  b\n')
})

it('sets a table with a very long name in time in step with its length', () => {
  const started = performance.now()
  printed(false, (output) => output.table(['name'], [[`${' \t'.repeat(100_000)}x`]]))
  expect(performance.now() - started).toBeLessThan(5000)
})
