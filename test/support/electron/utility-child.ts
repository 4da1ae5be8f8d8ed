/**
 * Loaded first in a Node child that stands in for a utility process: gives it a `parentPort` whose ports are relayed
 * over the channel to the parent. As in Electron, what arrives is kept until somebody listens.
 */
import { EventEmitter } from 'node:events'

type Relayed = { ports: number } | { port: number; data: unknown } | { port: number; closed: true }

class ChildPort extends EventEmitter {
  readonly index: number
  private waiting: unknown[] | null = []

  constructor(index: number) {
    super()
    this.index = index
  }

  postMessage(data: unknown): void {
    // Electron clones at once, and throws where it can't.
    process.send?.({ port: this.index, data: structuredClone(data) })
  }

  receive(data: unknown): void {
    if (this.waiting === null) this.emit('message', { data, ports: [] })
    else this.waiting.push(data)
  }

  start(): void {
    const waiting = this.waiting ?? []
    this.waiting = null
    for (const data of waiting) setImmediate(() => this.receive(data))
  }

  close(): void {
    process.send?.({ port: this.index, closed: true })
  }
}

const ports: ChildPort[] = []
const parentPort = new EventEmitter()
let handedOver: { data: string; ports: ChildPort[] } | null = null

parentPort.on('newListener', (event) => {
  if (event === 'message' && handedOver !== null) {
    const message = handedOver
    setImmediate(() => parentPort.emit('message', message))
  }
})

process.on('message', (message: Relayed) => {
  if ('ports' in message) {
    ports.push(...Array.from({ length: message.ports }, (_, index) => new ChildPort(index)))
    handedOver = { data: 'ports', ports }
    if (parentPort.listenerCount('message') > 0) parentPort.emit('message', handedOver)
  } else if ('closed' in message) ports[message.port].emit('close')
  else ports[message.port].receive(message.data)
})
process.once('disconnect', () => process.exit(1))
// As in Electron: a process whose work has ended runs on.
setInterval(() => {}, 60_000)

Object.defineProperty(process, 'parentPort', { value: parentPort })
