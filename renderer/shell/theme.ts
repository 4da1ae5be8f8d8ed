/** The look of the page: a dense instrument, 13 px text, controls and rows of 26 px, and what dialogs have in common. */
import {
  Autocomplete,
  Button,
  Checkbox,
  createTheme,
  Drawer,
  Menu,
  Modal,
  MultiSelect,
  NumberInput,
  Radio,
  SegmentedControl,
  Select,
  Slider,
  Switch,
  Table,
  Textarea,
  TextInput
} from '@mantine/core'

/** What stays behind a dialog keeps its scrollbar: nothing jumps when one opens. */
const dialog = { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } }

const small = { defaultProps: { size: 'xs' } } as const

export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: 3,
  fontSizes: { xs: '12px', sm: '13px', md: '13px', lg: '14px', xl: '18px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.3' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px' },
      h2: { fontSize: '14px' },
      h3: { fontSize: '14px' },
      h4: { fontSize: '14px' },
      h5: { fontSize: '13px' },
      h6: { fontSize: '13px' }
    }
  },
  colors: {
    dark: [
      '#e4e7eb',
      '#bcc3cb',
      '#a9b1ba',
      '#69727c',
      '#3b4148',
      '#30353b',
      '#25292e',
      '#1b1e22',
      '#15171a',
      '#101214'
    ]
  },
  components: {
    Modal: Modal.extend({ defaultProps: dialog }),
    Drawer: Drawer.extend({ defaultProps: dialog }),
    Autocomplete: Autocomplete.extend(small),
    Button: Button.extend(small),
    Checkbox: Checkbox.extend(small),
    Menu: Menu.extend({ defaultProps: { position: 'bottom-start' } }),
    MultiSelect: MultiSelect.extend(small),
    NumberInput: NumberInput.extend(small),
    Radio: Radio.extend(small),
    SegmentedControl: SegmentedControl.extend(small),
    Select: Select.extend(small),
    Slider: Slider.extend({ defaultProps: { size: 'sm' } }),
    Switch: Switch.extend(small),
    Table: Table.extend({ defaultProps: { verticalSpacing: 3, horizontalSpacing: 'sm', fz: 'sm' } }),
    TextInput: TextInput.extend(small),
    Textarea: Textarea.extend(small)
  }
})
