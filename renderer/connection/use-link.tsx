/**
 * A screen says what a link to its view has to carry, and takes over what a link that was followed carries. The address
 * then names the screen alone again: the view may change, and is kept with the project.
 */
import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react'
import type { ScreenPath } from '#preload/contract/screens.ts'
import { goTo, useAddress } from './address.ts'
import { type FollowedLink, followedLink, type LinkValues, linkTo } from './link.ts'

type LinkPlace = { current: string | null }

const LinkContext = createContext<LinkPlace>({ current: null })

/** Where the screen that is shown puts the link to its view. */
export function LinkProvider({ children }: { children: ReactNode }) {
  return <LinkContext value={useRef<string | null>(null)}>{children}</LinkContext>
}

/** The address of what is shown, with the view where its screen has links to it. */
export function useCurrentLink(): () => string {
  const place = useContext(LinkContext)
  return () => new URL(place.current ?? location.hash, location.href).href
}

/**
 * @param values what a link to the view carries
 * @param follow takes over what a link carries
 */
export function useLink(path: ScreenPath, values: LinkValues, follow: (link: FollowedLink) => void): void {
  const place = useContext(LinkContext)
  const { open, query } = useAddress()
  const link = linkTo(path, { ...values, open: open ?? undefined })
  useEffect(() => {
    place.current = link
    return () => {
      place.current = null
    }
  }, [place, link])
  const latest = useRef(follow)
  useEffect(() => {
    latest.current = follow
  })
  useEffect(() => {
    if (query === '') return
    latest.current(followedLink(new URLSearchParams(query)))
    goTo(path, open, { replaces: true })
  }, [path, open, query])
}
