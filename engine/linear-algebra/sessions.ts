/** Sessions over the small graphs that products are made of: opened once per graph and device, then kept. */
import { openSession, type Provider, type Session } from '#engine/devices/session.ts'
import { whenReleased } from '#engine/memory/kept-between-calls.ts'

/** A session per device over the graph that `build` writes. */
export function keptSessions(build: () => Uint8Array): (device: Provider) => Promise<Session> {
  const opened = new Map<Provider, Promise<Session>>()
  // Not closed, as one may be at work: a session that nothing refers to goes with the memory that it took for its runs.
  whenReleased('transfers', () => opened.clear())
  return (device) => {
    const known = opened.get(device)
    if (known !== undefined) return known
    const opening = openSession(build(), { device, spinning: false })
    opened.set(device, opening)
    opening.catch(() => opened.delete(device))
    return opening
  }
}
