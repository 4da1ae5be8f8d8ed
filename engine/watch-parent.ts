/**
 * Ends the engine with the process that started it, even in the middle of work that sees no message: a thread of its
 * own looks once a second whether the parent is still there.
 */
import { Worker } from 'node:worker_threads'

/** What the thread runs: text, so that it needs no file of its own beside the built engine. */
const watch = `
const { workerData } = require('node:worker_threads')
setInterval(() => {
  let isThere = process.ppid === workerData
  try {
    if (isThere) process.kill(workerData, 0)
  } catch (error) {
    isThere = error.code === 'EPERM'
  }
  if (!isThere) process.kill(process.pid, 'SIGKILL')
}, 1000)`

/** Begins to watch; the thread keeps no process alive that has ended its own work. */
export function watchParent(): void {
  new Worker(watch, { eval: true, workerData: process.ppid, name: 'watch-parent' }).unref()
}
