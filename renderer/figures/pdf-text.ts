/**
 * Text that the fonts of every PDF reader can write. These know the letters of Western Europe alone (WinAnsi); to embed a
 * font for the rest would add it to every file.
 */

/** What stands for signs of figures that the fonts lack. */
const substitutes: Readonly<Record<string, string>> = {
  '−': '–',
  '→': '–>',
  λ: 'lambda',
  Δ: 'difference',
  Σ: 'sum',
  '≤': '<=',
  '≥': '>='
}

/** Beyond Latin-1, what WinAnsi has. */
const winAnsi = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'

/** The text with substitutes, and `?` for letters that there is none of. */
export function pdfText(text: string): string {
  return Array.from(text.normalize('NFC'), (letter) => {
    const isKnown = letter <= 'ÿ' || winAnsi.includes(letter)
    return isKnown ? letter : (substitutes[letter] ?? '?')
  }).join('')
}
