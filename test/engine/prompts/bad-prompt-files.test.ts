import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { inspectPrompts } from '#engine/prompts/inspect-prompts.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { fixture } from './sample-prompts.ts'

async function fileWith(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

/** An npy file of version 1 with the given header text and values. */
function npy(header: string, values: Uint8Array = new Uint8Array()): Buffer {
  const text = Buffer.from(`${header}\n`)
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.length)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, text, values])
}

function npyOf(rows: number, columns: number, values: number[]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`
  return npy(header, Buffer.from(Float32Array.from(values).buffer))
}

describe('NumPy arrays', () => {
  it.each([
    ['other bytes', Buffer.from('GIF89a, not an array'), 'file-malformed', 'other first bytes'],
    ['an empty file', Buffer.alloc(0), 'file-malformed', 'other first bytes'],
    [
      'an unknown version',
      Buffer.from('\x93NUMPY\x09\x00\x10\x00{}', 'latin1'),
      'file-malformed',
      'version 9'
    ],
    [
      'a header of 4 GB',
      Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff{}', 'latin1'),
      'file-malformed',
      '4,294,967,295 bytes'
    ],
    ['a header without fields', npy('{}'), 'file-malformed', '{}'],
    ['values that are missing', npyOf(1000000, 768, [1, 2]), 'file-malformed', '8 bytes of values'],
    [
      'a negative size',
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }"),
      'file-malformed',
      '(-1, 4)'
    ],
    ['no rows', npyOf(0, 4, []), 'file-malformed', 'F32 [0, 4]'],
    [
      'records',
      npy("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (3,), }"),
      'unsupported',
      'records'
    ]
  ])('with %s', async (_, content, code, found) => {
    const path = await fileWith('bad.npy', content)
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code,
      detail: {
        where: expect.stringContaining(path),
        found: expect.stringContaining(found),
        next: expect.any(String)
      }
    })
  })

  it.each([
    ['object.npy', 'file-unsafe', 'never loaded'],
    ['integers.npy', 'unsupported', 'float32'],
    ['rank3.npy', 'file-malformed', 'one vector per row']
  ])('of another kind: %s', async (name, code, next) => {
    await expect(readPrompt({ path: fixture('numpy', name) })).rejects.toMatchObject({
      code,
      detail: { next: expect.stringContaining(next) }
    })
  })
})

describe('values', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is named with row and column', async (bad) => {
    const path = await fileWith('bad.npy', npyOf(2, 3, [1, 2, 3, 4, 5, bad]))
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'bad-value',
      detail: { where: `${path}, array, row 1, column 2`, found: String(bad) }
    })
  })

  it('rows of zeros and exploded rows are named in a warning', async () => {
    const path = await fileWith('odd.npy', npyOf(3, 2, [0, 0, 1, 1, 3e6, 4e6]))
    const { warnings } = await readPrompt({ path })
    expect(warnings).toEqual([
      expect.stringMatching(/^Row 0: all zeros/),
      expect.stringMatching(/^Row 2: exploded values \(norms up to 5\.0e\+6\)/)
    ])
  })

  it('a float64 beyond float32 is not taken for infinity', async () => {
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }"
    const path = await fileWith('big.npy', npy(header, Buffer.from(Float64Array.of(1, 1e300).buffer)))
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'bad-value',
      detail: { where: expect.stringContaining('row 0, column 1') }
    })
  })
})

/** A zip archive with one deflated entry, whose directory claims `claimed` bytes of content. */
function zipWith(name: string, content: Uint8Array, claimed: number): Buffer {
  const packed = deflateRawSync(content)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claimed, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(20, 6)
  central.writeUInt16LE(8, 10)
  central.writeUInt32LE(packed.length, 20)
  central.writeUInt32LE(claimed, 24)
  central.writeUInt16LE(name.length, 28)
  const start = local.length + name.length + packed.length
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length + name.length, 12)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end])
}

describe('NumPy archives', () => {
  it('that unpack to more than their header says are stopped', async () => {
    const bomb = Buffer.concat([npyOf(2, 2, [1, 2, 3, 4]), Buffer.alloc(64 * 2 ** 20)])
    const path = await fileWith('bomb.npz', zipWith('x.npy', bomb, 128))
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'file-malformed',
      message: 'An entry of the archive could not be unpacked.'
    })
  })

  it('that claim a matrix beyond any prompt are refused from the header', async () => {
    const path = await fileWith('huge.npz', zipWith('x.npy', npyOf(10 ** 6, 10 ** 6, [1]), 0x7fffffff))
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { found: 'F32 [1000000, 1000000]' }
    })
  })

  it('that hold fewer values than their header says are refused', async () => {
    const path = await fileWith('short.npz', zipWith('x.npy', npyOf(2, 2, [1, 2, 3]), 140))
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { found: '12 bytes of values' }
    })
  })

  it('that were cut off are refused', async () => {
    const whole = await readFile(fixture('numpy/deflated.npz'))
    const path = await fileWith('cut.npz', whole.subarray(0, whole.length - 40))
    await expect(readPrompt({ path })).rejects.toMatchObject({ code: 'file-malformed' })
  })
})

describe('tables', () => {
  it.each([
    ['1,2\n3,4\n5\n', 'line 3', '1 values'],
    ['a,b\n\n1,2\n3,4,5\n', 'line 4', '3 values'],
    ['1,2\n3,nan\n', 'line 2, column 1', 'nan'],
    ['1,2\n,4\n', 'line 2, column 0', 'an empty field'],
    ['x,y\n', 'bad.csv', 'a header line alone'],
    ['', 'bad.csv', 'no lines']
  ])('%j', async (text, where, found) => {
    const path = await fileWith('bad.csv', text)
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { where: expect.stringContaining(where), found }
    })
  })

  it('with a header, an index column, other separators are read', async () => {
    const pandas = await readPrompt({ path: await fileWith('pandas.csv', ',0,1\n0,1.5,2\n1,3,-4e-1\n') })
    expect([...pandas.vectors.data]).toEqual([1.5, 2, 3, Math.fround(-0.4)])
    expect(pandas.warnings).toHaveLength(2)
    const semicolons = await readPrompt({ path: await fileWith('x.csv', '1;2\r\n3;4\r\n') })
    expect(semicolons.vectors).toEqual({ rows: 2, columns: 2, data: Float32Array.of(1, 2, 3, 4) })
  })
})

describe('JSON', () => {
  it.each([
    ['{"vectors": [[1, 2], [3, "x"]]}', 'vectors[1][1]', 'string "x"'],
    ['{"vectors": [[1, 2], [3]]}', 'vectors[1]', 'a list of 1'],
    ['[[1, 2], null]', 'vectors[1]', 'null'],
    ['[1, 2]', 'vectors[0]', 'number 1'],
    ['[]', 'vectors', 'a list of 0'],
    ['{"name": "x"}', 'bad.json', 'an object'],
    ['7', 'bad.json', 'number 7'],
    ['[[NaN]]', 'bad.json', 'NaN']
  ])('%s', async (text, where, found) => {
    const path = await fileWith('bad.json', text)
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'file-malformed',
      detail: { where: expect.stringContaining(where), found: expect.stringContaining(found) }
    })
  })
})

describe('files and folders', () => {
  it.each([
    ['peft/prompt-tuning/adapter_model.safetensors', 'adapter_model.safetensors'],
    ['torch/bare.pt', 'bare.pt'],
    ['torch/legacy.pt', 'legacy.pt'],
    ['numpy/float32.npy', 'float32.npy'],
    ['numpy/stored.npz', 'stored.npz']
  ])('%s cut off anywhere is refused, never half read', async (source, name) => {
    const whole = await readFile(fixture(source))
    const path = await fileWith(name, whole)
    for (let left = whole.length - 1; left >= 0; left -= 7) {
      await truncate(path, left)
      await expect(readPrompt({ path })).rejects.toMatchObject({ name: 'AnchorageError' })
    }
  })

  it.each([
    ['peft/multitask/adapter_model.safetensors', 'adapter_model.safetensors'],
    ['torch/several.bin', 'several.bin'],
    ['torch/legacy.pt', 'legacy.pt'],
    ['numpy/fortran.npy', 'fortran.npy'],
    ['numpy/deflated.npz', 'deflated.npz'],
    ['numpy/savetxt.csv', 'savetxt.csv'],
    ['values.json', 'values.json']
  ])('%s with any byte changed is read or refused with a reason', async (source, name) => {
    const whole = await readFile(fixture(source))
    const path = await fileWith(name, whole)
    for (let at = 0; at < Math.min(whole.length, 1500); at += 11) {
      const changed = Buffer.from(whole)
      changed[at] ^= 1 << (at % 8)
      await writeFile(path, changed)
      const outcome = await inspectPrompts(path).then(
        ({ candidates }) => candidates.length > 0,
        (error: unknown) => error instanceof AnchorageError
      )
      expect(outcome).toBe(true)
    }
  })

  it.each([
    ['missing.npy', 'file-not-found'],
    ['notes.docx', 'file-not-found']
  ])('%s that is not there', async (name, code) => {
    await expect(readPrompt({ path: join(await temporaryFolder(), name) })).rejects.toMatchObject({ code })
  })

  it('of an unknown format says which there are', async () => {
    const path = await fileWith('prompt.docx', 'x')
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'unsupported',
      detail: { expected: expect.stringContaining('PEFT adapter') }
    })
  })

  it('that are only written say so', async () => {
    const path = await fileWith('prompt.f32', npyOf(1, 1, [1]))
    await expect(readPrompt({ path })).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('is written, not read')
    })
  })

  it('without prompts says so', async () => {
    const folder = await temporaryFolder()
    expect(await inspectPrompts(folder)).toEqual({ candidates: [], refused: [] })
    await expect(readPrompt({ path: folder })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('with links that lead out are read without them', async () => {
    const outside = await fileWith('secret.npy', npyOf(1, 2, [1, 2]))
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'P19'))
    await writeFile(join(folder, 'P19/prompt_vecs.npy'), npyOf(1, 2, [1, 2]))
    await symlink(outside, join(folder, 'P19/linked.npy'))
    await symlink(join(folder, 'nowhere'), join(folder, 'broken.npy'))
    const { candidates, refused } = await inspectPrompts(folder)
    expect(candidates.map(({ path }) => path)).toEqual([expect.stringContaining('prompt_vecs.npy')])
    expect(refused.map(({ message }) => message)).toEqual(Array(2).fill('A link leads out of the folder.'))
  })

  it('with several prompts ask which', async () => {
    const folder = await temporaryFolder()
    for (const name of ['a.npy', 'b.npy']) await writeFile(join(folder, name), npyOf(1, 2, [1, 2]))
    await expect(readPrompt({ path: folder })).rejects.toMatchObject({
      code: 'needs-choice',
      detail: { found: expect.stringMatching(/a\.npy: array \[1, 2\], .*b\.npy/) }
    })
  })
})
