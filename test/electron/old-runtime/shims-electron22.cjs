// What Electron's main process has got since 22, as far as the desktop host calls it.
const { app, session } = require('electron')

// The address of a navigation is a field of its event since 25; before, it was the second argument.
app.on('web-contents-created', (_event, contents) => {
  const listen = contents.on
  contents.on = function on(name, listener) {
    if (name !== 'will-navigate' && name !== 'will-redirect') return listen.call(this, name, listener)
    return listen.call(this, name, (event, url, ...more) => {
      event.url ??= url
      listener(event, url, ...more)
    })
  }
})

// `protocol.handle` came with 25; what came before answers from one buffer.
app.once('ready', () => {
  Object.getPrototypeOf(session.defaultSession.protocol).handle = function handle(scheme, handler) {
    const isRegistered = this.registerBufferProtocol(scheme, ({ method, url }, answer) => {
      handler({ method, url }).then(
        ({ status, headers, body }) => {
          const [mimeType] = (headers.get('content-type') ?? '').split(';')
          const data = Buffer.from(body)
          answer({
            statusCode: status,
            headers: Object.fromEntries(headers),
            mimeType,
            charset: 'utf-8',
            data
          })
        },
        () => answer({ error: -2 })
      )
    })
    if (!isRegistered) throw new Error('the protocol was not registered')
  }
})
