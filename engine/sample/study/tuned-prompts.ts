/** The source prompts of the study: tuned once per model, relation, length and seed, and kept as files. */

import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { tuningRequestSchema } from '#engine/common/contract/tuning.ts'
import { exists } from '#engine/common/files/exists.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { writePrompt } from '#engine/prompts/write-prompt.ts'
import { runTuning } from '#engine/tuning/run-tuning.ts'
import { modelFolder, relationSource, type SampleFolders } from './sample-folders.ts'

/** Where a tuned prompt is kept: OptiPrompt's layout below a folder per model, length and seed. */
export function promptPath(
  folders: SampleFolders,
  model: string,
  relation: string,
  length: number,
  seed: number
): string {
  return join(folders.prompts, `m${length}-seed${seed}`, model, relation, 'prompt_vecs.npy')
}

/** The prompt `[length, e]` of a model for a relation by OptiPrompt's recipe; tuned where it is not kept yet. */
export async function tunedPrompt(
  folders: SampleFolders,
  model: string,
  relation: string,
  length: number,
  seed: number
): Promise<Matrix> {
  const path = promptPath(folders, model, relation, length, seed)
  if (!(await exists(path))) {
    const request = tuningRequestSchema.parse({
      model: { folder: modelFolder(folders, model) },
      task: relationSource(folders, relation),
      start: { kind: 'random', vectors: length },
      seed
    })
    const context = { signal: new AbortController().signal, progress: () => {} }
    const tuned = await runTuning(request, 'cpu', context)
    await mkdir(dirname(path), { recursive: true })
    await writePrompt({
      prompt: {
        name: `${relation} on ${model}`,
        vectors: tuned.prompt,
        model: { name: model, tableFingerprint: null },
        task: null,
        relation,
        position: 'template',
        template: tuned.template,
        origin: { kind: 'tuning', tuning: `study seed ${seed}` },
        warnings: []
      },
      format: 'optiprompt',
      path,
      note: false
    })
  }
  return (await readPrompt({ path, vectors: length })).vectors
}
