/**
 * Keeps what is dear to open (a session over a model) for the next call that wants the same. What nobody uses is
 * let go when something else is opened, so that at most one lies idle, and after a minute in any case.
 */
import { whenReleased } from '#engine/memory/kept-between-calls.ts'

export type Lease<T> = {
  readonly value: T
  /** Gives it back; to be called once. */
  readonly release: () => Promise<void>
}

export type LeasePool<T> = {
  /**
   * What was opened for the same owner and variant and is still there, or what `open` answers; shared by all
   * that lease it at the same time. A failed opening is not kept.
   * @param owner the opened model: the same object for the same unchanged files
   */
  readonly lease: (owner: object, variant: string, open: () => Promise<T>) => Promise<Lease<T>>
}

type Entry<T> = {
  readonly owner: object
  readonly variant: string
  readonly opening: Promise<T>
  users: number
  timer?: NodeJS.Timeout
}

const idleMilliseconds = 60_000

export function createLeasePool<T extends { readonly release: () => Promise<void> }>(): LeasePool<T> {
  const entries = new Set<Entry<T>>()

  async function close(entry: Entry<T>): Promise<void> {
    clearTimeout(entry.timer)
    entries.delete(entry)
    await (await entry.opening).release()
  }

  async function closeIdle(): Promise<void> {
    for (const entry of [...entries]) if (entry.users === 0) await close(entry)
  }
  whenReleased('queries', closeIdle)

  async function giveBack(entry: Entry<T>): Promise<void> {
    entry.users--
    if (entry.users > 0) return
    for (const other of [...entries]) if (other !== entry && other.users === 0) await close(other)
    entry.timer = setTimeout(() => void close(entry), idleMilliseconds)
    // A process that has nothing else to do may end.
    entry.timer.unref()
  }

  return {
    lease: async (owner, variant, open) => {
      let entry = [...entries].find((kept) => kept.owner === owner && kept.variant === variant)
      if (entry === undefined) {
        // Before the new one is opened: two large models at once may be one too many.
        const opening = closeIdle().then(open)
        entry = { owner, variant, opening, users: 0 }
        entries.add(entry)
      }
      const leased = entry
      leased.users++
      clearTimeout(leased.timer)
      try {
        return { value: await leased.opening, release: () => giveBack(leased) }
      } catch (error) {
        entries.delete(leased)
        throw error
      }
    }
  }
}
