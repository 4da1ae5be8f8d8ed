/** The bytes of a data URL. */
export function decodeDataUrl(url: string): Uint8Array {
  const comma = url.indexOf(',')
  const [head, body] = [url.slice(0, comma), url.slice(comma + 1)]
  if (!head.endsWith(';base64')) return new TextEncoder().encode(decodeURIComponent(body))
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
}
