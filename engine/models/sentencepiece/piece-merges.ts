/** The merges of a SentencePiece BPE model, which its file leaves to be told from the scores of its pieces. */

/** How a piece came about, as SentencePiece and GGUF number it. */
export const pieceTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const

export type Piece = { readonly text: string; readonly score: number; readonly type: number }

type Merge = {
  readonly left: string
  readonly right: string
  readonly score: number
  /** Lengths in characters. */
  readonly lengths: readonly [number, number]
}

/**
 * Every way to put a piece together from two others, the likelier pieces first, as `generate_merges` of transformers
 * (`convert_slow_tokenizer.py`) does it.
 */
export function mergesOf(pieces: readonly Piece[]): [string, string][] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]))
  const merges: Merge[] = []
  for (const { text, score, type } of pieces) {
    if (type !== pieceTypes.normal) continue
    const characters = [...text]
    const ofPiece: { merge: Merge; order: readonly [number, number] }[] = []
    let left = ''
    for (let length = 1; length < characters.length; length++) {
      left += characters[length - 1]
      const right = text.slice(left.length)
      const order = [ids.get(left), ids.get(right)] as const
      if (order[0] === undefined || order[1] === undefined) continue
      const lengths = [length, characters.length - length] as const
      ofPiece.push({ merge: { left, right, score, lengths }, order: [order[0], order[1]] })
    }
    ofPiece.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1])
    merges.push(...ofPiece.map(({ merge }) => merge))
  }
  return merges
    .sort((a, b) => b.score - a.score || b.lengths[0] - a.lengths[0] || b.lengths[1] - a.lengths[1])
    .map(({ left, right }) => [left, right])
}
