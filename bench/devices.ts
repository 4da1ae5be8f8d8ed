/**
 * `npm run bench -- --device all`: search, suite, evaluation and tuning on every device of this machine against its CPU. First
 * their numbers, then ratios of time; of a device that software emulates the numbers alone, at a small size.
 */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { messageOf } from '#engine/common/contract/errors.ts'
import { trialsInChildProcesses } from '#engine/devices/device-trials.ts'
import { createDevices } from '#engine/devices/devices.ts'
import type { Figure, Page } from './figures.ts'

const onDeviceSchema = z.object({
  what: z.string(),
  /** Null: some number is none. */
  difference: z.number().nullable(),
  tolerance: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number()
})
/** Work on a device against the CPU's. */
export type OnDevice = z.infer<typeof onDeviceSchema>

const run = promisify(execFile)
const noGraphics = 'No graphics processor was found: '

/** A Vulkan that computes on the CPU says nothing of a graphics processor's speed. */
function isEmulated(device: string): boolean {
  return device === 'webgpu' && (process.env['VK_ICD_FILENAMES'] ?? '').includes('swiftshader')
}

/** The name of the card, where NVIDIA's driver says it. */
async function cardName(): Promise<string> {
  return await run('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader']).then(
    ({ stdout }) => stdout.trim().split('\n').join(', '),
    () => 'a card that nvidia-smi does not name'
  )
}

function figuresOf(device: string, compared: readonly OnDevice[], emulated: boolean): Figure[] {
  return compared.flatMap(({ what, difference, tolerance, seconds, cpuSeconds }) => {
    const agreement = {
      what: `${device}, ${what}: largest difference from the CPU`,
      figure: difference === null ? 'not finite' : difference.toExponential(1),
      target: `≤ ${tolerance.toExponential(0)}`,
      held: difference !== null && difference <= tolerance
    }
    const ratio = {
      what: `${device}, ${what}: time of the CPU : its own`,
      figure: (cpuSeconds / seconds).toFixed(1)
    }
    return emulated || !agreement.held ? [agreement] : [agreement, ratio]
  })
}

async function measureDevice(page: Page, device: string): Promise<void> {
  const emulated = isEmulated(device)
  page.text(
    emulated
      ? `${device} is emulated in software: its numbers are compared at a small size, and its speed is not told`
      : `${device}: ${await cardName()}`
  )
  const program = resolve(import.meta.dirname, 'on-device.ts')
  try {
    const { stdout } = await run(
      process.execPath,
      ['--import', 'tsx', program, device, emulated ? 'small' : 'paper'],
      { maxBuffer: 2 ** 24 }
    )
    page.figures(figuresOf(device, onDeviceSchema.array().parse(JSON.parse(stdout)), emulated))
  } catch (error) {
    page.text(`${device} failed: ${messageOf(error).split('\n').slice(0, 3).join(' ')}`)
    page.figures([{ what: `${device}: all of it`, figure: 'failed', target: 'computes', held: false }])
  }
}

export async function benchDevices(page: Page): Promise<void> {
  const trials = trialsInChildProcesses(resolve(import.meta.dirname, '../engine/main.ts'))
  const measured = await createDevices(trials).measure()
  for (const { name, note } of measured) page.text(`${name}: ${note.split('\n')[0]}`)
  const others = measured.flatMap(({ name, available }) => (available && name !== 'cpu' ? [name] : []))
  if (others.every(isEmulated))
    page.text(
      `${noGraphics}nothing here says how fast one is. On a machine that has one, \`npm run bench -- --device all --write\` measures it.`
    )
  for (const device of others) await measureDevice(page, device)
}
