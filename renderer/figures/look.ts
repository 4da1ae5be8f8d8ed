/** The looks of a drawn figure: on the screen in the colours of the page, on paper always light, in points. */

export type Look = {
  readonly text: string
  readonly quiet: string
  readonly grid: string
  readonly paper: string
  readonly font: string
  /** Of labels; the rest follows from it. */
  readonly size: number
  /** Of everything that is measured. */
  readonly unit: 'px' | 'pt'
}

const systemFont = 'system-ui, sans-serif'

export const screenLooks: Readonly<Record<'light' | 'dark', Look>> = {
  light: {
    text: '#1b1f24',
    quiet: '#505962',
    grid: '#e6eaee',
    paper: '#ffffff',
    font: systemFont,
    size: 12,
    unit: 'px'
  },
  dark: {
    text: '#e4e7eb',
    quiet: '#a9b1ba',
    grid: '#30353b',
    paper: '#1b1e22',
    font: systemFont,
    size: 12,
    unit: 'px'
  }
}

/** In every system and PDF reader. */
export const paperLook: Look = {
  text: '#000000',
  quiet: '#404040',
  grid: '#d9d9d9',
  paper: '#ffffff',
  font: 'Helvetica, Arial, sans-serif',
  size: 8,
  unit: 'pt'
}

/** Widths of a figure in a paper of two columns, in points: in one, and over both. */
export const paperWidths = { one: 3.25 * 72, both: 6.75 * 72 } as const
