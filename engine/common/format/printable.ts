/** Text of others (names of tensors, paths, messages) as a terminal may show it. */

/** Control characters but tab and line feed, and those that reverse the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * The text with control characters written out as `\u001b`: nothing in a file can move the cursor, colour the
 * terminal or write to its clipboard. JSON stays the same JSON.
 */
export function printable(text: string): string {
  return text.replaceAll(
    control,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
}
