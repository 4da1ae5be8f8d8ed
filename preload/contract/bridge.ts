/** The one thing that the preload script gives to the page of a desktop window, and the names that it uses. */

/** The name of the bridge in the page's global scope. */
export const bridgeName = 'anchorageBridge'

/** From the window to the workbench: the page is there and asks for its port. */
export const connectChannel = 'anchorage:connect'

/** From the workbench to the window, and on to the page: the port comes with it. */
export const portMessage = 'anchorage:port'

/** `DroppedFile` is the page's `File`, which this room doesn't know. */
export type Bridge<DroppedFile> = {
  /** Asks for the port to the workbench; it arrives as a message event of the window, `portMessage`. */
  connect(): void
  /** Where a dropped file lies; empty where it doesn't come from the disk. */
  pathOfDropped(file: DroppedFile): string
}
