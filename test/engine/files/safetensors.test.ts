import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listTensors } from '#engine/files/list-tensors.ts'
import { listSafetensors } from '#engine/files/safetensors.ts'
import { floatTensor, writeRawSafetensors, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const reference = join(import.meta.dirname, '../../fixtures/reference')

async function fileWith(header: string, data = new Uint8Array(16), length?: number): Promise<string> {
  const path = join(await temporaryFolder(), 'model.safetensors')
  await writeRawSafetensors(path, header, data, length)
  return path
}

function header(entry: object): string {
  return JSON.stringify({ a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16], ...entry } })
}

describe('safetensors', () => {
  it('lists and reads what PyTorch wrote', async () => {
    const tensors = await listTensors(join(reference, 'transfer.safetensors'))
    const anchors = tensors.find(({ name }) => name === 'target.anchors')
    expect(anchors).toMatchObject({ dtype: 'F32', shape: [480, 48] })
    const values = await anchors?.read()
    expect(values).toHaveLength(480 * 48)
    expect(values?.every(Number.isFinite)).toBe(true)
  })

  it('is told from a pickle where the header’s length begins with the bytes of one', async () => {
    const path = await fileWith(header({}).padEnd(0x480))
    const [tensor] = await listTensors(path)
    expect(tensor).toMatchObject({ name: 'a', dtype: 'F32', shape: [2, 2] })
  })

  it('reads every type as float32', async () => {
    const path = join(await temporaryFolder(), 'types.safetensors')
    const numbers = [-2, 0, 1, 3]
    const stored = (dtype: string, data: ArrayBufferView) => ({
      dtype,
      shape: [4],
      bytes: new Uint8Array(data.buffer)
    })
    await writeSafetensors(path, {
      odd: { dtype: 'U8', shape: [3], bytes: Uint8Array.of(1, 2, 255) },
      double: stored('F64', Float64Array.from(numbers)),
      single: floatTensor([4], numbers),
      half: stored('F16', Uint16Array.of(0xc000, 0x0000, 0x3c00, 0x4200)),
      brain: stored('BF16', Uint16Array.of(0xc000, 0x0000, 0x3f80, 0x4040)),
      long: stored('I64', BigInt64Array.from([-2n, 0n, 1n, 3n])),
      byte: stored('I8', Int8Array.from(numbers))
    })
    const tensors = await listSafetensors(path)
    const values = new Map<string, number[]>()
    for (const tensor of tensors) values.set(tensor.name, [...(await tensor.read())])
    expect(values.get('odd')).toEqual([1, 2, 255])
    for (const name of ['double', 'single', 'half', 'brain', 'long', 'byte']) {
      expect(values.get(name), name).toEqual(numbers)
    }
  })

  it('reads float16 at its edges', async () => {
    const path = join(await temporaryFolder(), 'half.safetensors')
    const bits = Uint16Array.of(0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x8000)
    await writeSafetensors(path, { half: { dtype: 'F16', shape: [8], bytes: new Uint8Array(bits.buffer) } })
    const [half] = await listSafetensors(path)
    const expected = [2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, NaN, -0]
    expect([...(await half.read())]).toEqual(expected)
  })

  it('reads tensors of several pieces, and tells how far it is', async () => {
    const path = join(await temporaryFolder(), 'large.safetensors')
    const count = 5_000_001
    const halves = new Uint16Array(count).map((_, i) => (i % 1000) + 0x3c00)
    await writeSafetensors(path, {
      half: { dtype: 'F16', shape: [count], bytes: new Uint8Array(halves.buffer) }
    })
    const [half] = await listSafetensors(path)
    const told: number[] = []
    const values = await half.read(undefined, (_, ready) => {
      told.push(ready)
      return Promise.resolve()
    })
    // Of 2 MiB each.
    expect(told).toEqual([1, 2, 3, 4].map((piece) => piece * 2 ** 20).concat(count))
    expect(values.findIndex((value, i) => value !== 1 + (i % 1000) / 1024)).toBe(-1)
  })

  it('stops when it is cancelled', async () => {
    const [tensor] = await listTensors(join(reference, 'transfer.safetensors'))
    await expect(tensor.read(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })

  const malformed: [string, () => Promise<string>][] = [
    ['a header of 4 GB', () => fileWith('{}', new Uint8Array(0), 2 ** 32)],
    [
      'a header longer than a number can say',
      () => fileWith('{}', new Uint8Array(0), Number.MAX_SAFE_INTEGER)
    ],
    ['a header that is not JSON', () => fileWith('{"a": ')],
    ['a header that is no object', () => fileWith('        [{}]')],
    ['an entry without a type', () => fileWith('{"a": {"shape": [1], "data_offsets": [0, 4]}}')],
    ['a range beyond the file', () => fileWith(header({ shape: [5], data_offsets: [0, 20] }))],
    ['a range that ends before it begins', () => fileWith(header({ data_offsets: [16, 0] }))],
    ['negative offsets', () => fileWith(header({ data_offsets: [-16, 0] }))],
    ['a shape that does not fit its range', () => fileWith(header({ shape: [3, 2] }))],
    ['a shape whose size overflows', () => fileWith(header({ shape: [2 ** 52, 2 ** 52] }))],
    [
      'ranges that overlap',
      () =>
        fileWith(
          '{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}'
        )
    ]
  ]
  it.each(malformed)('refuses %s', async (_, make) => {
    const path = await make()
    const refusal = { code: 'file-malformed', detail: { where: expect.stringContaining(path) } }
    await expect(listTensors(path)).rejects.toMatchObject(refusal)
  })

  it('lists a type that it can not read, and refuses to read it', async () => {
    const path = await fileWith(header({ dtype: 'F8_E4M3', shape: [4, 4] }))
    const [tensor] = await listSafetensors(path)
    expect(tensor.dtype).toBe('F8_E4M3')
    await expect(tensor.read()).rejects.toMatchObject({ code: 'unsupported' })
  })
})
