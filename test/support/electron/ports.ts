/** Electron's message channels, on those of Node's threads. */
import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

export class SubstitutePort extends EventEmitter {
  private readonly port: MessagePort

  constructor(port: MessagePort) {
    super()
    this.port = port
    port.once('close', () => this.emit('close'))
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  start(): void {
    this.port.on('message', (data) => this.emit('message', { data, ports: [] }))
  }

  close(): void {
    this.port.close()
  }
}

export class MessageChannelMain {
  readonly port1: SubstitutePort
  readonly port2: SubstitutePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.port1 = new SubstitutePort(port1)
    this.port2 = new SubstitutePort(port2)
  }
}
