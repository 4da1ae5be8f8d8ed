/**
 * Two cases of every rule, and the reference models, on the provider webgpu, with a software Vulkan where one is
 * installed. Tolerance: 1e-4 of the largest element, for float32.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { gradientRules } from '#engine/onnx/gradients/rules/table.ts'
import type { WebgpuResult } from './run-on-webgpu.ts'

const chromium = '/usr/lib/chromium'
const driver = join(chromium, 'vk_swiftshader_icd.json')
const isEmulated = existsSync(driver)
if (!isEmulated) process.stderr.write(`gradients are not run on webgpu: no software Vulkan in ${chromium}\n`)

test.skipIf(!isEmulated)(
  'every rule and every reference model agrees on webgpu',
  async () => {
    const program = join(import.meta.dirname, 'run-on-webgpu.ts')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, LD_LIBRARY_PATH: chromium, VK_ICD_FILENAMES: driver },
      maxBuffer: 2 ** 26
    })
    const results: WebgpuResult[] = JSON.parse(stdout)
    expect(results.filter(({ difference }) => difference === null || difference > 1e-4)).toEqual([])
    expect(new Set(results.map(({ operator }) => operator))).toEqual(
      new Set(['model', ...Object.keys(gradientRules)])
    )
  },
  240_000
)
