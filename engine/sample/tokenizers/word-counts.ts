/** Words of a corpus with their counts: what tokenizers are made from. */

/** Counts of the white-space separated words of `sentences` sentences, most frequent first. */
export function countWords(nextSentence: () => string, sentences: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let i = 0; i < sentences; i++) {
    for (const word of nextSentence().split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return new Map([...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)))
}

/** Every character of the words, in order of code point. */
export function alphabetOf(words: Iterable<string>): string[] {
  const characters = new Set<string>()
  for (const word of words) for (const character of word) characters.add(character)
  return [...characters].sort()
}
