/** What a screen says in the window's status bar: its scope, in one line. */
import { createContext, type ReactNode, useContext } from 'react'
import { createPortal } from 'react-dom'

export const StatusPlace = createContext<HTMLElement | null>(null)

export function StatusLine({ children }: { children: ReactNode }) {
  const place = useContext(StatusPlace)
  return place === null ? null : createPortal(children, place)
}
