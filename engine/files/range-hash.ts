/**
 * SHA-256 of a part of a file that a thread of its own reads and hashes from beginning to end: whatever holds this thread
 * meanwhile does not hold the hash.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { pieceBytes, withFile } from './read-range.ts'
import type { StreamedHash } from './thread-hash.ts'

/** What the thread runs, as text: see `thread-hash.ts`. It reads one piece while the one before is hashed. */
const program = `
const { createHash } = require('node:crypto')
const { read } = require('node:fs')
const { promisify } = require('node:util')
const { parentPort, workerData } = require('node:worker_threads')
const { descriptor, offset, length, pieceBytes } = workerData
const hash = createHash('sha256')
const pieces = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(pieceBytes, length)))
const readPiece = (number, done) =>
  promisify(read)(descriptor, pieces[number % 2], 0, Math.min(pieceBytes, length - done), offset + done)
async function hashAll() {
  let done = 0
  let next = readPiece(0, 0)
  for (let number = 0; ; number++) {
    const { bytesRead, buffer } = await next
    if (bytesRead === 0) break
    done += bytesRead
    next = readPiece(number + 1, done)
    hash.update(buffer.subarray(0, bytesRead))
  }
  parentPort.postMessage(hash.digest('hex'))
}
hashAll()
`

/**
 * The hash of `length` bytes of a file from byte `offset` on, or of those that are there. Nothing needs to be handed to it.
 */
export function rangeHash(path: string, offset: number, length: number): StreamedHash {
  const stop = new AbortController()
  const hashed = hashInThread(path, offset, length, stop.signal)
  // A failure is heard of where the hash is asked for, and of no interest where it is not.
  hashed.catch(() => {})
  return {
    update: () => Promise.resolve(),
    digest: () => hashed,
    end: async () => {
      stop.abort()
      await Promise.allSettled([hashed])
    }
  }
}

async function hashInThread(
  path: string,
  offset: number,
  length: number,
  signal: AbortSignal
): Promise<string> {
  return await withFile(path, async (file) => {
    signal.throwIfAborted()
    const workerData = { descriptor: file.fd, offset, length, pieceBytes }
    const worker = new Worker(program, { eval: true, workerData })
    try {
      const [answer] = await once(worker, 'message', { signal })
      return z.string().parse(answer)
    } finally {
      // The file stays open until the thread reads no more.
      await worker.terminate()
    }
  })
}
