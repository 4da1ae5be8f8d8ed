/** F6 goes from part to part of the window: rail, screen, inspector, queue, status bar; with Shift backwards. */
import { useHotkeys } from '@mantine/hooks'

export const nextPartKeys = 'F6'
const previousPartKeys = 'shift+F6'

/** What of a part takes the focus: what is shown or chosen in it, else the first that can. */
function entryOf(part: HTMLElement): HTMLElement {
  return (
    part.querySelector<HTMLElement>('[aria-current]') ??
    part.querySelector<HTMLElement>('button, a[href], input, [tabindex="0"]') ??
    part
  )
}

function move(step: 1 | -1): void {
  const parts = [...document.querySelectorAll<HTMLElement>('[data-part]')]
  // The innermost: an inspector may lie within its screen.
  const at = parts.findLastIndex((part) => part.contains(document.activeElement))
  const next = parts[(at + step + parts.length) % parts.length]
  if (next !== undefined) entryOf(next).focus()
}

export function usePartKeys(): void {
  useHotkeys(
    [
      [nextPartKeys, () => move(1)],
      [previousPartKeys, () => move(-1)]
    ],
    []
  )
}
