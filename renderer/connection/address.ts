/**
 * The page's address, `#/runs?open=ID`: the screen, and what of it is shown in the inspector. Reloaded, or named by
 * the palette, it shows the same. What else stands in it is a link to a view (`link.ts`).
 */
import { useHash } from '@mantine/hooks'
import { useCallback } from 'react'

export type Address = {
  readonly path: string
  readonly open: string | null
  /** The rest of it, as a query. */
  readonly query: string
}

function parse(hash: string): Address {
  const [path = '', text = ''] = hash.replace(/^#/, '').split('?')
  const query = new URLSearchParams(text)
  const open = query.get('open')
  query.delete('open')
  return { path, open, query: query.toString() }
}

export function currentAddress(): Address {
  return parse(location.hash)
}

export function useAddress(): Address {
  const [hash] = useHash({ getInitialValueInEffect: false })
  return parse(hash)
}

/**
 * Shows a screen, with something of it in the inspector.
 * @param replaces there is no way back to what the address was
 */
export function goTo(path: string, open: string | null = null, { replaces = false } = {}): void {
  const hash = open === null ? `#${path}` : `#${path}?${new URLSearchParams({ open })}`
  if (replaces) location.replace(hash)
  else location.hash = hash
}

/** The id of what the inspector of this screen shows, and how to show another. */
export function useOpened(): [string | null, (id: string | null) => void] {
  const { path, open } = useAddress()
  return [open, useCallback((id) => goTo(path, id), [path])]
}
