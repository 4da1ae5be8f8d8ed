// What Electron's own first application does with `electron [switches] FOLDER`: it runs the application in the folder.
const { existsSync, readFileSync } = require('node:fs')
const Module = require('node:module')
const path = require('node:path')
const { app } = require('electron')

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })
const named = process.argv.slice(1).find((item) => !item.startsWith('-'))
if (named === undefined) {
  process.stderr.write('usage: electron FOLDER\n')
  process.exit(1)
}
const folder = path.resolve(named)
const description = path.join(folder, 'package.json')
if (existsSync(description)) {
  const { version, productName, name } = JSON.parse(readFileSync(description, 'utf8'))
  app.setVersion(version)
  app.name = productName ?? name
  app.setDesktopName(`${app.name}.desktop`)
  app.setAppPath(folder)
}
Module._load(Module._resolveFilename(folder, null, true), Module, true)
