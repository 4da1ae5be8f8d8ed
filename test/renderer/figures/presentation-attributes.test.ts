import { describe, expect, it } from 'vitest'
import { styleAsAttributes } from '#renderer/figures/presentation-attributes.ts'

describe('styles as attributes', () => {
  it('count before attributes of their name, and leave what is no presentation', () => {
    expect(
      styleAsAttributes(
        '<text x="1" fill="red" style="fill: rgb(1, 2, 3); font-family: &quot;A b&quot;, serif; white-space: pre;">a &lt; b</text>'
      )
    ).toBe(`<text x="1" fill="rgb(1, 2, 3)" font-family="'A b', serif">a &lt; b</text>`)
  })

  it('leave what has none, and close what was closed', () => {
    const svg = '<svg viewBox="0 0 1 1"><g class="a"><path d="M0,0" style="stroke-width: 2px"/></g></svg>'
    expect(styleAsAttributes(svg)).toBe(
      '<svg viewBox="0 0 1 1"><g class="a"><path d="M0,0" stroke-width="2px"/></g></svg>'
    )
  })
})
