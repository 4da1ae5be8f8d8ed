/** The host where the page is a browser's tab: choices are made in a dialog of our own. */
import type { Choice, FileToSave, NewFileChoice } from '#preload/contract/host-abilities.ts'
import { requireSafeLink } from '#preload/contract/safe-link.ts'
import type { Host } from './host.ts'

export type ChooserRequest = (({ mode: 'existing' } & Choice) | ({ mode: 'new' } & NewFileChoice)) & {
  answer(path: string | null): void
}

export type BrowserHost = {
  readonly host: Host
  /** The choice that waits for the person, for `useSyncExternalStore`. */
  readonly pending: { subscribe(listener: () => void): () => void; current(): ChooserRequest | null }
}

/** Lets the browser take a file among its downloads. */
function download({ name, data }: FileToSave): void {
  const url = URL.createObjectURL(new Blob([typeof data === 'string' ? data : data.slice()]))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

export function createBrowserHost(): BrowserHost {
  const listeners = new Set<() => void>()
  let request: ChooserRequest | null = null
  const show = (next: ChooserRequest | null): void => {
    request = next
    for (const listener of listeners) listener()
  }
  const ask = (wish: (answer: ChooserRequest['answer']) => ChooserRequest): Promise<string | null> =>
    new Promise((resolve) => {
      request?.answer(null)
      show(
        wish((path) => {
          show(null)
          resolve(path)
        })
      )
    })
  return {
    host: {
      choose: (choice) => ask((answer) => ({ mode: 'existing', ...choice, answer })),
      chooseNew: (choice) => ask((answer) => ({ mode: 'new', ...choice, answer })),
      saveFile(file) {
        download(file)
        return Promise.resolve(true)
      },
      copyText: (text) => navigator.clipboard.writeText(text),
      openLink: (url) =>
        new Promise((resolve) => {
          window.open(requireSafeLink(url), '_blank', 'noopener,noreferrer')
          resolve()
        }),
      reveal: null,
      pathOfDropped: () => null,
      onCommand: () => () => {}
    },
    pending: {
      subscribe(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      current: () => request
    }
  }
}
