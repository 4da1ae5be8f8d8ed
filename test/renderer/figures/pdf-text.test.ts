import { describe, expect, it } from 'vitest'
import { pdfText } from '#renderer/figures/pdf-text.ts'

describe('text of a PDF', () => {
  it('stays where the fonts can write it', () => {
    expect(pdfText('39,1 % ± 2.0 · Zürich …')).toBe('39,1 % ± 2.0 · Zürich …')
  })

  it('is written out where there is another way, and marked where there is none', () => {
    expect(pdfText('bert → gpt2, λ −0.5')).toBe('bert –> gpt2, lambda –0.5')
    expect(pdfText('東京 é')).toBe('?? é')
  })
})
