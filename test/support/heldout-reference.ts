/**
 * A second reference set, of other sizes and operator sets (RoBERTa at 11, the others at 17), which PyTorch
 * computes when a test asks for it, where the script and PyTorch are on the machine.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { sharedFolder } from './shared-data.ts'

const script = resolve(sharedFolder, 'reference/make_reference.py')
const python = '/usr/bin/python3'

function whatIsMissing(): string | undefined {
  if (!existsSync(script)) return `${script} is not there`
  const torch = spawnSync(python, ['-c', 'import torch, numpy'])
  return torch.status === 0 ? undefined : `${python} has no PyTorch`
}

/** A `describe` whose tests read the folder of a freshly computed set; skipped with the reason in its name. */
export function describeHeldout(name: string, body: (folder: () => string) => void): void {
  const missing = whatIsMissing()
  if (missing !== undefined) {
    describe.skip(`${name} (skipped: ${missing})`, () => body(() => ''))
    return
  }
  describe(name, () => {
    let folder = ''
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'anchorage-heldout-'))
      const made = spawnSync(python, [script, folder, '--variant', 'heldout', '--seed', '5'])
      if (made.status !== 0) throw new Error(`PyTorch made no reference: ${made.stderr}`)
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))
    body(() => folder)
  })
}
