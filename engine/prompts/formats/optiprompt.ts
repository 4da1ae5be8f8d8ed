/**
 * OptiPrompt's `prompt_vecs.npy` and PTfer's `transfered_prompt_vecs.npy`, in a folder per relation. The files
 * hold the raw rows of the embedding table for `[V1]` … `[V10]`, of which the template uses the first few.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { liesInRelationFolder, optiPromptFacts } from '../folder-facts.ts'
import { matrixPart } from '../matrix-parts.ts'
import { encodeNpy } from '../npy-array.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'
import { readNpyTensor } from './npy.ts'

/** Rows of every file that OptiPrompt's code writes and reads. */
const optiPromptRows = 10

export const optiPromptFormat: PromptFormatEntry = {
  name: 'optiprompt',
  label: 'OptiPrompt / PTfer (<relation>/prompt_vecs.npy)',
  detect: (path) =>
    endsWith(path, 'prompt_vecs.npy') || (endsWith(path, '.npy') && liesInRelationFolder(path)),
  foundInFolders: true,
  list: async (path) => {
    const tensor = await readNpyTensor(path)
    const facts = optiPromptFacts(path)
    const warnings: string[] = []
    if (facts.modelName === null) {
      warnings.push('The file does not name its model, and no folder above is named for one.')
    }
    const rowsMustBeChosen = tensor.shape[0] === optiPromptRows
    return [matrixPart(tensor, { format: 'optiprompt', part: 'vectors', facts, rowsMustBeChosen, warnings })]
  },
  write: {
    endings: ['.npy'],
    encode: ({ vectors }, { padRows }, path) => {
      if (padRows && vectors.rows > optiPromptRows) {
        throw new AnchorageError('mismatch', 'The prompt is longer than an OptiPrompt file.', {
          where: path,
          found: `${vectors.rows} vectors`,
          expected: `at most ${optiPromptRows}`,
          next: 'Write it without filling up, or in another format.'
        })
      }
      const rows = padRows ? optiPromptRows : vectors.rows
      const values = new Float32Array(rows * vectors.columns)
      values.set(vectors.data)
      const used = `The template uses the first ${vectors.rows}: pass --num_vectors ${vectors.rows} to OptiPrompt.`
      const short = `OptiPrompt's loader expects ${optiPromptRows} rows: fill up to load it there.`
      return Promise.resolve({
        kind: 'files',
        files: [{ ending: '', bytes: encodeNpy(rows, vectors.columns, values) }],
        notes: rows === optiPromptRows ? [used] : [short],
        loading: python(
          'import numpy as np',
          `vectors = np.load(${nameIn(path)})[:${vectors.rows}]  # [V1] to [V${vectors.rows}]`
        )
      })
    }
  }
}
