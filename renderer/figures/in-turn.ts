/** Pictures drawn one after another: a screen of many, each of which takes some frames, would stand still for all of them together. */

/** A page that is out of sight draws no frames: then it is not waited for longer, in milliseconds. */
const patience = 100

/** Until a frame was drawn. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, patience)
    requestAnimationFrame(() => {
      clearTimeout(timer)
      setTimeout(resolve)
    })
  })
}

let last: Promise<void> = Promise.resolve()

/** Draws when those before are drawn and a frame was drawn with them; what fails holds up none behind it. */
export function drawInTurn(draw: () => void | Promise<void>): Promise<void> {
  const own = last.then(nextFrame).then(draw)
  last = own.catch(() => {})
  return own
}
