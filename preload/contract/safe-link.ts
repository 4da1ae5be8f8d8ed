/** Which links may lead out of the workbench: web pages over https, and nothing that could start a program. */
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** Wu, Wu and Mou, "Zero-Shot Continuous Prompt Transfer". */
export const paperAddress = 'https://arxiv.org/abs/2310.01691'

const safeLink = z.url({ protocol: /^https$/ })

/** The address as it was given. @throws `bad-argument` for what is no https address */
export function requireSafeLink(url: string): string {
  if (safeLink.safeParse(url).success) return url
  throw new AnchorageError('bad-argument', 'This link is not opened.', {
    found: url,
    expected: 'an address that begins with https://',
    next: 'Copy it and open it by hand if you trust it.'
  })
}
