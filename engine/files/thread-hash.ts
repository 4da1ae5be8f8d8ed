/**
 * SHA-256 in a thread of its own: it hashes one piece while the thread that reads works on the next. The bytes pass
 * through a few pieces of shared memory.
 */
import { createHash } from 'node:crypto'
import { on } from 'node:events'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { pieceBytes } from './read-range.ts'

export type StreamedHash = {
  /** Takes in bytes; settles when there is room for the next. */
  update(bytes: Uint8Array): Promise<void>
  /** SHA-256 of all, in hexadecimal. */
  digest(): Promise<string>
  /** Ends the thread, whatever it is at. */
  end(): Promise<void>
}

/** Pieces of shared memory: one is filled while another is hashed. */
const pieces = 2

/** Below so many bytes a thread takes longer to start than to hash. */
export const worthThread = 32 * 2 ** 20

/** What the thread runs. It is text, as what is built is one file for every host and a test runs from the sources. */
const program = `
const { createHash } = require('node:crypto')
const { parentPort, workerData } = require('node:worker_threads')
const hash = createHash('sha256')
parentPort.on('message', (message) => {
  if (message === null) parentPort.postMessage(hash.digest('hex'))
  else {
    hash.update(new Uint8Array(workerData[message.piece], 0, message.length))
    parentPort.postMessage(message.piece)
  }
})
`

/** A hash of `size` bytes to come: in a thread where that is worth it, else in this one. */
export function streamedHash(size: number): StreamedHash {
  if (size >= worthThread) return threadHash()
  const hash = createHash('sha256')
  return {
    update: (bytes) => {
      hash.update(bytes)
      return Promise.resolve()
    },
    digest: () => Promise.resolve(hash.digest('hex')),
    end: () => Promise.resolve()
  }
}

function threadHash(): StreamedHash {
  const memory = Array.from({ length: pieces }, () => new SharedArrayBuffer(pieceBytes))
  const worker = new Worker(program, { eval: true, workerData: memory })
  const free = [...memory.keys()]
  const messages = on(worker, 'message')
  /** What the thread says next: a piece that is free again, or the hash. Throws what ended it. */
  const answer = async (): Promise<unknown> => z.tuple([z.unknown()]).parse((await messages.next()).value)[0]
  return {
    update: async (bytes) => {
      for (let start = 0; start < bytes.byteLength; start += pieceBytes) {
        const part = bytes.subarray(start, start + pieceBytes)
        const piece = free.pop() ?? z.int().parse(await answer())
        new Uint8Array(memory[piece]).set(part)
        worker.postMessage({ piece, length: part.byteLength })
      }
    },
    digest: async () => {
      worker.postMessage(null)
      for (;;) {
        const said = await answer()
        if (typeof said === 'string') return said
      }
    },
    end: async () => {
      await worker.terminate()
    }
  }
}
