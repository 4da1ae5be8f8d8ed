/** The look of the page, and what all of its dialogs have in common. */
import { createTheme, Drawer, Modal } from '@mantine/core'

/** What stays behind a dialog keeps its scrollbar: nothing jumps when one opens. */
const dialog = { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } }

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
  autoContrast: true,
  components: {
    Modal: Modal.extend({ defaultProps: dialog }),
    Drawer: Drawer.extend({ defaultProps: dialog })
  }
})
