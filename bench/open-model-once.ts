/**
 * A process of its own that opens a model folder, says what one is that was opened before, or reads as many bytes of its
 * weights, and prints the seconds and the peak memory: what `bench/open-model.ts` compares.
 */
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectModel, openModel } from '#engine/models/open-model.ts'

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
else if (what === 'inspect') await inspectModel({ folder })
else await readBytes()
const seconds = (performance.now() - started) / 1000
/** Linux passes the peak of the process that starts one on to it in `maxRSS`; its own is in `status`. */
async function peakBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes))
}

const peak = (await peakBytes()) - before
process.stdout.write(JSON.stringify({ seconds, peak }))
