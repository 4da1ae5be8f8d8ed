/** The comparison with numbers of PyTorch, from end to end. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorage } from '#test/support/command-line.ts'
import { referenceFolder as reference } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

describe('anchorage verify', () => {
  it('agrees with the reference, and finds a number that was changed', async () => {
    expect((await anchorage(['verify', reference])).code).toBe(0)
    const folder = await temporaryFolder()
    await cp(reference, folder, { recursive: true })
    const path = join(folder, 'transfer.safetensors')
    const bytes = await readFile(path)
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))))
    const start = 8 + Number(bytes.readBigUInt64LE(0)) + header['single.all.rescaled'].data_offsets[0]
    bytes.writeFloatLE(bytes.readFloatLE(start) + 1, start)
    await writeFile(path, bytes)
    const { code, out } = await anchorage(['verify', folder])
    expect(code).toBe(3)
    expect(out).toMatch(/single\.all\.rescaled .* no\n/)
  })
})
