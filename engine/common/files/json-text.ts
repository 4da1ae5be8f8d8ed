/** JSON of others. How deep it is nested is looked at before it is parsed: every open bracket takes memory and time. */
import { AnchorageError, messageOf } from '#engine/common/contract/errors.ts'

/** Settings, headers, tokenizers and results are nested some ten levels deep. */
const deepestJson = 200

const [quote, backslash] = [0x22, 0x5c]
/** Square and curly brackets differ in this bit alone. */
const curly = 0x20
const [opening, closing] = [0x7b, 0x7d]

/** Whether more than {@link deepestJson} lists and objects are open inside one another anywhere. */
function isTooDeep(text: string): boolean {
  let depth = 0
  const { length } = text
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      for (at++; at < length && text.charCodeAt(at) !== quote; at++) {
        if (text.charCodeAt(at) === backslash) at++
      }
    } else if ((code | curly) === opening) {
      if (++depth > deepestJson) return true
    } else if ((code | curly) === closing) depth--
  }
  return false
}

/**
 * What JSON text says, not checked further.
 * @param message what to call text that is not JSON
 * @throws `file-malformed` with the parser's words, `unsupported` for text that is nested beyond any real file
 */
export function parseJson(text: string, where: string, message: string): unknown {
  if (isTooDeep(text)) {
    throw new AnchorageError('unsupported', 'The JSON is nested too deeply.', {
      where,
      found: `more than ${deepestJson} lists and objects inside one another`,
      expected: 'a few levels',
      next: 'Check that this is the file that was meant.'
    })
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AnchorageError(
      'file-malformed',
      message,
      {
        where,
        found: messageOf(cause),
        expected: 'one JSON document, without NaN or Infinity',
        next: 'The copy may be incomplete: fetch or write the file again.'
      },
      cause
    )
  }
}
