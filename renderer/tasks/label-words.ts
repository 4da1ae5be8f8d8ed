/** Label words as a person writes them: one `label = word` per line. */

/** The words by label, or null where a line is none. */
export function parseLabelWords(text: string): Record<string, string> | null {
  const words: Record<string, string> = {}
  for (const line of text.split('\n').filter((part) => part.trim() !== '')) {
    const at = line.indexOf('=')
    const [label, word] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    if (at < 0 || label === '' || word === '') return null
    words[label] = word
  }
  return Object.keys(words).length > 0 ? words : null
}
