/** Trees of prompts as OptiPrompt writes them, for the reference models. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { writePrompt } from '#engine/prompts/write-prompt.ts'
import { referenceModelFolder } from './reference-models.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Writes `<folder>/<relation>/prompt_vecs.npy` with `rows` random vectors for each relation. */
export async function writePromptTree(
  folder: string,
  relations: readonly string[],
  rows: number,
  width: number
): Promise<void> {
  for (const [index, relation] of relations.entries()) {
    await mkdir(join(folder, relation), { recursive: true })
    await writePrompt({
      prompt: {
        name: relation,
        vectors: { rows, columns: width, data: seededNormal(width + index, rows * width, 0, 0.3) },
        model: { name: null, tableFingerprint: null },
        task: null,
        relation,
        position: 'template',
        template: null,
        origin: { kind: 'run', run: 'test' },
        warnings: []
      },
      format: 'optiprompt',
      path: join(folder, relation, 'prompt_vecs.npy')
    })
  }
}

/** A prompt of the reference BERT in a folder of its own, and what asks for its transfer to the reference GPT-2. */
export async function bertPrompt(): Promise<{ folder: string; asked: string[] }> {
  const folder = await temporaryFolder()
  await writePromptTree(folder, ['P19'], 5, 32)
  const asked = [
    ...['--source', referenceModelFolder('bert'), '--prompt', join(folder, 'P19/prompt_vecs.npy')],
    ...['--vectors', '5', '--target', referenceModelFolder('gpt2'), '--device', 'cpu']
  ]
  return { folder, asked }
}
