// What Node has got since 16, as far as main and engine call it.
const buffer = require('node:buffer')
const crypto = require('node:crypto')
const diagnostics = require('node:diagnostics_channel')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const web = require('node:stream/web')

require('./shims-language.js')

const add = (owner, name, value) => {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true })
}

for (const [name, value] of Object.entries(web)) add(globalThis, name, value)
add(globalThis, 'Blob', buffer.Blob)
add(globalThis, 'crypto', crypto.webcrypto)
add(AbortSignal, 'timeout', (milliseconds) => {
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(Object.assign(new Error('timeout'), { name: 'TimeoutError' })),
    milliseconds
  )
  timer.unref()
  return controller.signal
})

// Enough for the answers of the page's protocol, and for libraries that ask whether something is one of them.
add(
  globalThis,
  'Headers',
  class Headers extends Map {
    constructor(given = []) {
      super(Symbol.iterator in given ? given : Object.entries(given))
    }
  }
)
add(
  globalThis,
  'Response',
  class Response {
    constructor(body, { status = 200, headers } = {}) {
      Object.assign(this, { body, status, headers: new Headers(headers) })
    }
  }
)
add(globalThis, 'Request', class Request {})
add(globalThis, 'fetch', () => Promise.reject(new TypeError('no network')))

// The log's own tracing.
add(diagnostics, 'tracingChannel', () => ({
  hasSubscribers: false,
  traceSync: (call, _context, self, ...given) => call.apply(self, given),
  tracePromise: (call, _context, self, ...given) => call.apply(self, given)
}))
add(process, 'availableMemory', () => os.freemem())
add(process, 'constrainedMemory', () => 0)

// Whole trees, and entries that know their folder.
const { readdir } = fs.promises
async function entriesBelow(folder, isRecursive) {
  const entries = await readdir(folder, { withFileTypes: true })
  const below = await Promise.all(
    entries.map(async (entry) => {
      entry.parentPath = folder
      const goesOn = isRecursive && entry.isDirectory()
      return [entry, ...(goesOn ? await entriesBelow(path.join(folder, entry.name), true) : [])]
    })
  )
  return below.flat()
}
fs.promises.readdir = async (folder, options) => {
  if (!options?.recursive && !options?.withFileTypes) return await readdir(folder, options)
  const entries = await entriesBelow(folder, options.recursive)
  if (options.withFileTypes) return entries
  return entries.map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
}
require('node:fs/promises').readdir = fs.promises.readdir

if (process.type === 'browser') require('./shims-electron22.cjs')
