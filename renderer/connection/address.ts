/**
 * The page's address, `#/runs?open=ID`: the screen, and what of it is shown in the inspector. Reloaded, or named by
 * the palette, it shows the same.
 */
import { useHash } from '@mantine/hooks'

export type Address = { readonly path: string; readonly open: string | null }

function parse(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?')
  return { path, open: new URLSearchParams(query).get('open') }
}

export function useAddress(): Address {
  const [hash] = useHash({ getInitialValueInEffect: false })
  return parse(hash)
}

/** Shows a screen, with something of it in the inspector. */
export function goTo(path: string, open: string | null = null): void {
  location.hash = open === null ? `#${path}` : `#${path}?${new URLSearchParams({ open })}`
}

/** The id of what the inspector of this screen shows, and how to show another. */
export function useOpened(): [string | null, (id: string | null) => void] {
  const { path, open } = useAddress()
  return [open, (id) => goTo(path, id)]
}
