/** The nonce by which the page's policy lets a style in: the host writes a new one into every answer. */
export function styleNonce(): string {
  return document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? ''
}
