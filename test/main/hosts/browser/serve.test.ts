/** The built browser host as a process of its own: calls to its engine, and its end in order. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type Caller, createCaller } from '#engine/common/rpc/caller.ts'
import { webSocketTransport } from '#engine/common/rpc/web-socket-transport.ts'
import { type BrowserContract, browserContract } from '#preload/contract/browser-methods.ts'
import { referenceFolder, referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function callerOf(url: URL): Promise<Caller<BrowserContract>> {
  const token = new URLSearchParams(url.hash.slice(1)).get('token')
  const socket = new WebSocket(`ws://${url.host}/`, ['anchorage', `token.${token}`], { origin: url.origin })
  await once(socket, 'open')
  const transport = webSocketTransport({
    send: (frame) => socket.send(frame),
    close: () => socket.close(),
    listen({ frame, closed }) {
      socket.on('message', (data) => {
        if (data instanceof Buffer) frame(data)
      })
      socket.on('close', () => closed('the host ended'))
    }
  })
  return createCaller(browserContract, transport, (fault) => {
    throw fault
  })
}

it('answers with its engine, refuses paths outside of its roots, and leaves one whole file when it ends', async () => {
  const folder = await temporaryFolder()
  const settings = await temporaryFolder()
  const built = resolve(import.meta.dirname, '../../../../out/browser-host.js')
  const child = spawn(process.execPath, [
    built,
    ...['--root', folder, referenceFolder],
    ...['--settings', settings]
  ])
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const caller = await callerOf(new URL(String(line).slice('Anchorage is at '.length)))

  await expect(caller.call('models.list', {})).rejects.toMatchObject({ code: 'not-found' })
  await caller.call('project.create', { path: join(folder, 'experiment.anchorage') })
  const changed: string[] = []
  caller.onEvent('workbench.changed', ({ what }) => changed.push(what))
  await caller.call('models.add', { folder: referenceModelFolder('bert') })
  expect(changed).toEqual(['models'])
  const [model] = await caller.call('models.list', {})
  expect(model).toMatchObject({ missing: false, report: { width: 32, vocabularySize: 287 } })
  for (const path of ['/etc', join(folder, '..', 'elsewhere.anchorage')]) {
    await expect(caller.call('project.create', { path })).rejects.toMatchObject({ code: 'file-unsafe' })
    await expect(caller.call('prompts.inspect', { path: '/etc' })).rejects.toMatchObject({
      code: 'file-unsafe'
    })
  }

  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await readdir(folder)).toEqual(['experiment.anchorage'])
})
