/** Starts the page: connects to the workbench and shows it, or says why it can't be reached. */
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './style.css'
import { MantineProvider } from '@mantine/core'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { styleNonce } from '#renderer/components/style-nonce.ts'
import { currentAddress } from '#renderer/connection/address.ts'
import { connect } from '#renderer/connection/connect.ts'
import type { Connection } from '#renderer/connection/connection.ts'
import { createAnswers, WorkbenchProvider } from '#renderer/connection/workbench.tsx'
import { App } from '#renderer/shell/app.tsx'
import { Disconnected } from '#renderer/shell/disconnected.tsx'
import { screenAt } from '#renderer/shell/screens.ts'
import { theme } from '#renderer/shell/theme.ts'

declare global {
  var __webpack_nonce__: string | undefined
}

const nonce = styleNonce()
// What keeps the page behind a dialog from scrolling adds a style of its own, and looks for its nonce here.
globalThis.__webpack_nonce__ = nonce

const place = document.getElementById('root')
if (place === null) throw new Error('The page has no place for the workbench.')
const root = createRoot(place)

function show(content: ReactNode): void {
  root.render(
    <MantineProvider defaultColorScheme="auto" getStyleNonce={() => nonce} theme={theme}>
      {content}
    </MantineProvider>
  )
}

function showWorkbench({ caller, host, dialogs, onClose }: Connection): void {
  show(
    <WorkbenchProvider
      workbench={{
        call: caller.call,
        host
      }}
      answers={createAnswers(caller)}
    >
      <App />
      {dialogs}
    </WorkbenchProvider>
  )
  onClose(() => show(<Disconnected />))
}

// While the page connects. What hinders it is said where the screen is shown, which loads it again.
screenAt(currentAddress().path)
  .load()
  .catch(() => {})
connect().then(showWorkbench, () => show(<Disconnected />))
