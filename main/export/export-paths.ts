/** Names of exported files: from labels, told apart by ids, never over what is there already. */

import { join } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { WrittenFormat } from '#engine/common/contract/prompts.ts'
import { exists } from '#engine/common/files/exists.ts'

/** What the name of a prompt file ends in, by format; PEFT writes a folder. */
const endings: Record<WrittenFormat, string> = {
  peft: '',
  optiprompt: '/prompt_vecs.npy',
  torch: '.pt',
  npy: '.npy',
  npz: '.npz',
  safetensors: '.safetensors',
  json: '.json',
  csv: '.csv',
  vllm: '.txt',
  'llama-cpp': '.f32'
}

export function promptPath(base: string, format: WrittenFormat): string {
  return `${base}${endings[format]}`
}

export function manifestPath(base: string): string {
  return `${base}.manifest.json`
}

/** A name for files: the label without what file systems dislike, and not hidden. */
export function fileName(label: string): string {
  return label.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|-$/g, '')
}

/**
 * A path below `folder` for each label, without the ending of a format; equal labels are told apart by their
 * ids. Equal is meant as file systems mean it: whatever the case.
 */
export function basePaths(folder: string, named: readonly { label: string; id: string }[]): string[] {
  const names = named.map(({ label }) => fileName(label))
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1)
  return named.map(({ id }, index) => {
    const name = names[index] ?? ''
    const isUnique = name !== '' && counts.get(name.toLowerCase()) === 1
    return join(folder, isUnique ? name : `${name}-${id.slice(0, 8)}`)
  })
}

/** @throws `write-failed` where a prompt or manifest is there already */
export async function refuseExisting(
  folder: string,
  format: WrittenFormat,
  bases: readonly string[]
): Promise<void> {
  const there: string[] = []
  for (const base of bases) {
    for (const path of [promptPath(base, format), manifestPath(base)]) {
      if (await exists(path)) there.push(path)
    }
  }
  const [first] = there
  if (first === undefined) return
  throw new AnchorageError('write-failed', 'Prompts of these names are there already.', {
    where: folder,
    found: there.length === 1 ? first : `${first} and ${there.length - 1} more`,
    expected: 'a folder without them',
    next: 'Choose another folder, or ask to overwrite.'
  })
}
