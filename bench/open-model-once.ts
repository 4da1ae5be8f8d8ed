/**
 * A process of its own that opens a model folder, or reads as many bytes of its weights, and prints the
 * seconds and the peak memory: what `bench/open-model.ts` compares.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { openModel } from '#engine/models/open-model.ts'

const [what, folder, bytes] = process.argv.slice(2)

async function readBytes(): Promise<number> {
  const file = await open(join(folder, 'model.safetensors'))
  try {
    const { size } = await file.stat()
    const buffer = new Uint8Array(Number(bytes))
    await file.read(buffer, 0, buffer.length, size - buffer.length)
    return buffer[buffer.length - 1]
  } finally {
    await file.close()
  }
}

const before = process.memoryUsage.rss()
const started = performance.now()
if (what === 'open') await openModel({ folder })
else await readBytes()
const seconds = (performance.now() - started) / 1000
const peak = process.resourceUsage().maxRSS * 1024 - before
process.stdout.write(JSON.stringify({ seconds, peak }))
