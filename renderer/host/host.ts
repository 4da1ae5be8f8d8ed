/**
 * What the page asks of whatever shows it: the few things that a browser tab and a desktop window do differently. There
 * is one implementation for each.
 */
import type { Choice, FileToSave, NewFileChoice, WindowCommand } from '#preload/contract/host-abilities.ts'

export type Host = {
  /** An existing file or folder, or null where the person changed their mind. */
  choose(choice: Choice): Promise<string | null>
  /** A path for a new file, ending in `extension`. */
  chooseNew(choice: NewFileChoice): Promise<string | null>
  /** Saves where the person says, or among a browser's downloads; false where they changed their mind. */
  saveFile(file: FileToSave): Promise<boolean>
  copyText(text: string): Promise<void>
  /** Opens an https address outside of the workbench; another kind is refused. */
  openLink(url: string): Promise<void>
  /** Shows a file or folder in the system's file manager; null where the host has none, and nothing offers it. */
  readonly reveal: ((path: string) => Promise<void>) | null
  /** Where a file or folder that was dropped on the page lies; null where the host doesn't tell. */
  pathOfDropped(file: File): string | null
  /** Hears what was chosen in the host's own menu, where it has one; gives back the end of that. */
  onCommand(listener: (command: WindowCommand) => void): () => void
}
