/** Pictures drawn one after another: a screen of many, each of which takes some frames, would stand still for all of them together. */

let last: Promise<void> = Promise.resolve()

/** Draws when those before are drawn and the page had time for something else; what fails holds up none behind it. */
export function drawInTurn(draw: () => void | Promise<void>): Promise<void> {
  const own = last.then(() => new Promise<void>((resolve) => setTimeout(resolve))).then(draw)
  last = own.catch(() => {})
  return own
}
