/** Whole numbers as people read them. */

// Made with the page: the first one takes half a frame, which is lacking where thousands of rows are to be drawn.
const counts = new Intl.NumberFormat('en-US')

/** `17,230`. */
export function count(value: number): string {
  return counts.format(value)
}
