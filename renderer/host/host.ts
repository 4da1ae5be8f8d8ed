/** What the page asks of whatever shows it: the few things that a browser tab and a desktop window do differently. */

export type Choice = {
  /** What the person is asked for, as the dialog's title. */
  title: string
  kind: 'folder' | 'file' | 'file or folder'
  /** Only files that end so. */
  extension?: string
}

export type Host = {
  /** An existing file or folder, or null where the person changed their mind. */
  choose(choice: Choice): Promise<string | null>
  /** A path for a new file, ending in `extension`. */
  chooseNew(choice: { title: string; extension: string; name: string }): Promise<string | null>
  copyText(text: string): Promise<void>
}
