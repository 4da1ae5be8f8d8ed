import { describe, expect, it } from 'vitest'
import { requireSafeLink } from '#preload/contract/safe-link.ts'

describe('a link out of the workbench', () => {
  it('may lead to a page over https', () => {
    const address = 'https://huggingface.co/bert-base-cased?library=transformers#files'
    expect(requireSafeLink(address)).toBe(address)
  })

  it.each([
    'http://huggingface.co',
    'file:///etc/passwd',
    'javascript:alert(1)//https://huggingface.co',
    'smb://server/share',
    'vscode://file/etc/passwd',
    ' javascript:alert(1)',
    'https:',
    '/usr/bin/true',
    ''
  ])('may not be %j', (url) => {
    expect(() => requireSafeLink(url)).toThrow(expect.objectContaining({ code: 'bad-argument' }))
  })
})
