import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTransferReference } from '#engine/verify/reference-folder.ts'
import { verifyTransfer } from '#engine/verify/verify-transfer.ts'
import { describeOnDevices } from '#test/support/devices.ts'
import { describeHeldout } from '#test/support/heldout-reference.ts'
import { referenceFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

await describeOnDevices('the method agrees with PyTorch', (device) => {
  test('in codes, masks, optima, matching, rescaling and Adam’s losses', async () => {
    const rows = await verifyTransfer(await openTransferReference(referenceFolder), device)
    // Three sources, the statistics, and six comparisons for three combinations under two masks.
    expect(rows).toHaveLength(3 + 1 + 6 * 6)
    expect(rows.filter(({ agrees }) => !agrees)).toEqual([])
  })
})

describeHeldout('the method agrees with a reference of other sizes', (folder) => {
  test('in everything', async () => {
    const rows = await verifyTransfer(await openTransferReference(folder()), 'cpu')
    expect(rows).toHaveLength(3 + 1 + 6 * 6)
    expect(rows.filter(({ agrees }) => !agrees)).toEqual([])
  })
})

/** A copy of the reference whose header is rewritten. */
async function changedReference(change: (header: Record<string, unknown>) => void): Promise<string> {
  const folder = await temporaryFolder()
  const bytes = await readFile(join(referenceFolder, 'transfer.safetensors'))
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  change(header)
  const text = Buffer.from(JSON.stringify(header).padEnd(length))
  await writeFile(
    join(folder, 'transfer.safetensors'),
    Buffer.concat([bytes.subarray(0, 8), text, bytes.subarray(8 + length)])
  )
  return folder
}

test.each([
  ['source1.relative'],
  ['target.std'],
  ['dual.topk.mask'],
  ['single.all.matching'],
  ['triple.topk.rescaled'],
  ['triple.topk.adam.loss'],
  ['adam.init']
])('a reference without %s is refused', async (name) => {
  const folder = await changedReference((header) => Reflect.deleteProperty(header, name))
  await expect(verifyTransfer(await openTransferReference(folder), 'cpu')).rejects.toMatchObject({
    code: 'not-found',
    detail: { expected: name }
  })
})

test('a wrong number is found', async () => {
  const folder = await temporaryFolder()
  await cp(join(referenceFolder, 'transfer.safetensors'), join(folder, 'transfer.safetensors'))
  const path = join(folder, 'transfer.safetensors')
  const bytes = await readFile(path)
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length))
  bytes.writeFloatLE(0.5, 8 + length + header['source2.relative'].data_offsets[0])
  await rm(path)
  await writeFile(path, bytes)
  const rows = await verifyTransfer(await openTransferReference(folder), 'cpu')
  expect(rows.filter(({ agrees }) => !agrees).map(({ what }) => what)).toEqual(['source2.relative (Eq. 3)'])
})
