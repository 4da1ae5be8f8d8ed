/** The desktop application's entry: what must be settled before Electron is ready, then the application. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app } from 'electron'
import { runApplication } from './application.ts'
import { registerPageScheme } from './page-protocol.ts'
import { endWithError } from './show-error.ts'

/** The other builds lie beside this one's. */
const built = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The sample and the icon are read by native code, which can't look into an archive: they are packaged beside it. */
const assets = app.isPackaged ? join(process.resourcesPath, 'assets') : built('../assets')

// The same as the installer's: Windows keeps recent documents and the task bar by it.
app.setAppUserModelId('org.anchorage.workbench')
// Who develops the workbench may use it at the same time: each has its own settings, and the lock that lies with them.
if (!app.isPackaged) app.setPath('userData', `${app.getPath('userData')}-development`)
// Chromium heeds the switch, which an AppImage adds where the system gives no sandbox, only where none is asked for here.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
registerPageScheme()
if (app.requestSingleInstanceLock()) {
  const files = {
    engine: built('./engine.js'),
    pageFolder: built('./renderer'),
    preload: built('./preload.cjs'),
    sampleFolder: join(assets, 'sample'),
    icon: join(assets, 'icon.png')
  }
  runApplication(files, process.argv, process.cwd()).catch(endWithError)
} else {
  app.quit()
}
