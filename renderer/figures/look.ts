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
    text: '#212529',
    quiet: '#495057',
    grid: '#dee2e6',
    paper: '#ffffff',
    font: systemFont,
    size: 12,
    unit: 'px'
  },
  dark: {
    text: '#e9ecef',
    quiet: '#c1c2c5',
    grid: '#424242',
    paper: '#2e2e2e',
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

/** Width of a figure in a paper of two columns, in points: over both. */
export const paperWidth = 6.75 * 72
