import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeCheckedModel } from '#test/support/checked-models.ts'
import { anchorage } from '#test/support/command-line.ts'
import { tableAlone } from '#test/support/model-folder.ts'
import { floatTensor, writeSafetensors } from '#test/support/safetensors-file.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A right model, one whose loss is off by 2e-3, one without a graph and a folder that is no model. */
async function fourModels(): Promise<string> {
  const folder = await temporaryFolder()
  await writeCheckedModel('gpt2', join(folder, 'deep', 'right'))
  await writeCheckedModel('bert', join(folder, 'off'), (numbers) => {
    numbers['loss'].values[0] += 2e-3
  })
  const graphless = join(folder, 'graphless')
  await cp(await tableAlone(), graphless, { recursive: true })
  const values = Array.from({ length: 32 }, (_, i) => Math.cos(i))
  const table = floatTensor([8, 4], values)
  await writeSafetensors(join(graphless, 'reference.safetensors'), { table })
  await cp(join(graphless, 'reference.safetensors'), join(folder, 'nothing', 'reference.safetensors'))
  return folder
}

async function expectations(folder: string, ...lines: string[]): Promise<string> {
  const path = join(folder, 'expected.txt')
  await writeFile(path, lines.join('\n'))
  return path
}

test('a folder of models gets a line each and the counts, and is right when the rest is as expected', async () => {
  const folder = await fourModels()
  const { code, out } = await anchorage(['verify', folder])
  expect(code).toBe(3)
  expect(out).toMatch(/^deep\/right: right$/m)
  expect(out).toMatch(/^off: differs by 2\.0e-3 in loss \(tolerance 1\.0e-5\); right: table, answers$/m)
  expect(out).toMatch(/^graphless: refused: answers, loss and gradient: .*no ONNX graph.*; right: table$/m)
  expect(out).toMatch(/^nothing: refused: The folder is not a model folder\. Found: no config\.json$/m)
  expect(out).toMatch(/^tolerance, float32: table 0, answers 1\.0e-4, loss 1\.0e-5, gradient 1\.0e-4$/m)
  expect(out).toMatch(/4 models: 1 right, 0 right to their precision, 1 differ, 2 refused\n$/)

  const remark = '# numbers of another release'
  const refusals = ['graphless: no ONNX graph', 'nothing: no config.json']
  const all = await expectations(folder, remark, 'off: differs by at most 3e-3', '', ...refusals)
  const expected = await anchorage(['--json', 'verify', folder, '--expect', all])
  expect(expected.code).toBe(0)
  expect(JSON.parse(expected.out).counts).toMatchObject({ models: 4, right: 1, refused: 2, expected: 3 })

  const others = await expectations(
    folder,
    'off: differs by at most 1e-3',
    ...refusals.with(0, 'graphless: 4 bits')
  )
  const still = await anchorage(['verify', folder, '--expect', others])
  expect(still.code).toBe(3)
  expect(still.out).toMatch(/^nothing: .* \(as expected\)$/m)
  expect(still.out).toMatch(/^graphless: .*right: table$/m)
  expect(still.out).toMatch(/^off: .*right: table, answers$/m)
}, 180_000)

test.each([
  ['graphless no ONNX graph', 'line 1'],
  ['off: differs by at most a lot', 'differs by at most NUMBER']
])('the expectation %j is not understood', async (line, named) => {
  const folder = await temporaryFolder()
  const { code, err } = await anchorage(['verify', folder, '--expect', await expectations(folder, line)])
  expect(code).toBe(1)
  expect(err).toContain(named)
})

test('a folder without reference numbers is refused', async () => {
  const { code, err } = await anchorage(['verify', await temporaryFolder()])
  expect(code).toBe(1)
  expect(err).toContain('no reference models')
})
