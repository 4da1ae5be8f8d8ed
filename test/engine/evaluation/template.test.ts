import { describe, expect, it } from 'vitest'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'

describe('parseTemplate', () => {
  it('reads the manual template of LAMA', () => {
    expect(parseTemplate('[X] was born in [Y] .').parts).toEqual([
      { kind: 'input' },
      { kind: 'text', text: ' was born in ' },
      { kind: 'mask' },
      { kind: 'text', text: ' .' }
    ])
  })

  it('counts the prompt vectors, also where one stands twice', () => {
    expect(parseTemplate('[V1] [X] [V2] [MASK] [V1]').vectors).toBe(2)
  })

  it("makes OptiPrompt's template", () => {
    expect(promptTemplate(3)).toBe('[X] [V1] [V2] [V3] [MASK] .')
    expect(parseTemplate(promptTemplate(5)).vectors).toBe(5)
  })

  it.each([
    ['[X] [V1] .', 'masks'],
    ['[X] [MASK] [Y]', 'masks'],
    ['[X] [X] [MASK]', '[X]'],
    ['[X] [V2] [MASK]', '[V1]'],
    ['[X] [V0] [MASK]', '[V0]']
  ])('refuses %s and names the fault', (source, fault) => {
    expect(() => parseTemplate(source)).toThrow(
      expect.objectContaining({
        code: 'bad-argument',
        detail: expect.objectContaining({ found: expect.stringContaining(fault) })
      })
    )
  })
})
