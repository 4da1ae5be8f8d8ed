/** Electron's utility processes, on Node's child processes: `utility-child.ts` is the other side. */
import { type ChildProcess, fork as forkNode } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { bundledScript } from '#test/support/bundled-script.ts'
import type { SubstitutePort } from './ports.ts'

const childSide = resolve(import.meta.dirname, 'utility-child.ts')

/** How long a process takes to be there. */
const spawnMilliseconds = 20

export class SubstituteUtilityProcess extends EventEmitter {
  readonly program: string
  readonly options: readonly string[]
  readonly settings: unknown
  private readonly child: ChildProcess
  private hasSpawned = false

  constructor(program: string, options: readonly string[], settings: unknown) {
    super()
    Object.assign(this, { program, options, settings })
    this.program = program
    this.options = options
    this.settings = settings
    this.child = forkNode(program, [...options], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', pathToFileURL(bundledScript(childSide)).href]
    })
    // As Electron: the process is not there yet when `fork` returns.
    this.child.once('spawn', () =>
      setTimeout(() => {
        if (!this.isRunning) return
        this.hasSpawned = true
        this.emit('spawn')
      }, spawnMilliseconds)
    )
    // As Electron on POSIX: an end by a signal is told by the signal's bare number.
    this.child.once('exit', (code, signal) =>
      this.emit('exit', code ?? (signal === null ? 0 : constants.signals[signal]))
    )
  }

  private get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** As Electron's: only from `spawn` on, and while the process runs. */
  get pid(): number | undefined {
    return this.hasSpawned && this.isRunning ? this.child.pid : undefined
  }

  get stdout(): Readable | null {
    return this.child.stdout
  }

  get stderr(): Readable | null {
    return this.child.stderr
  }

  postMessage(_message: unknown, ports: readonly SubstitutePort[] = []): void {
    this.send({ ports: ports.length })
    for (const [port, end] of ports.entries()) {
      end.on('message', ({ data }) => this.send({ port, data }))
      end.on('close', () => this.send({ port, closed: true }))
      end.start()
    }
    const { child } = this
    child.on('message', (message: { port: number; data?: unknown; closed?: true }) => {
      if (message.closed === true) ports[message.port].close()
      else ports[message.port].postMessage(message.data)
    })
    child.once('exit', () => {
      for (const end of ports) end.close()
    })
  }

  /** As Electron: what is sent to a process that has ended is lost, also where its end is not known here yet. */
  private send(
    message: { ports: number } | { port: number; data: unknown } | { port: number; closed: true }
  ): void {
    if (this.child.connected) this.child.send(message, () => {})
  }

  /** As Electron's: before `spawn` it has no effect. */
  kill(): boolean {
    return this.pid !== undefined && this.child.kill()
  }
}

/** Every process that was started, in order. */
export const startedProcesses: SubstituteUtilityProcess[] = []

export const utilityProcess = {
  fork(program: string, options: readonly string[] = [], settings: unknown = {}): SubstituteUtilityProcess {
    const started = new SubstituteUtilityProcess(program, options, settings)
    startedProcesses.push(started)
    return started
  }
}
