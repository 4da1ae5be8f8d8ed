/** Copies of a model folder whose checkpoint or settings were changed, as old or odd ones are. */
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { architectureFixtures } from './families.ts'
import { writeRawSafetensors } from './safetensors-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

type Header = Record<string, { shape?: number[] }>

export type Changes = {
  /** The name that a tensor gets; undefined takes it out. */
  readonly rename?: (name: string) => string | undefined
  /** Settings put into `config.json`. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Spaces before the header's end, which shift all weights. */
  readonly shift?: number
}

/** A copy of a fixture of `test/fixtures/architectures` with changes; answers with its folder. */
export async function rewrittenCheckpoint(
  family: string,
  { rename = (name) => name, settings = {}, shift = 0 }: Changes
): Promise<string> {
  const folder = await temporaryFolder()
  await cp(join(architectureFixtures, family), folder, { recursive: true })
  const path = join(folder, 'model.safetensors')
  const bytes = await readFile(path)
  const length = Number(bytes.readBigUInt64LE(0))
  const header: Header = JSON.parse(bytes.subarray(8, 8 + length).toString())
  const renamed = Object.entries(header).flatMap(([name, entry]) => {
    const kept = name === '__metadata__' ? name : rename(name)
    return kept === undefined ? [] : [[kept, entry]]
  })
  const text = `${JSON.stringify(Object.fromEntries(renamed))}${' '.repeat(shift)}`
  await writeRawSafetensors(path, text, bytes.subarray(8 + length))
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...settings }))
  return folder
}
