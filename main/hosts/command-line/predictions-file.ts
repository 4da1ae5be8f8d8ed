/** A JSON Lines file of predictions, one a line, that grows task by task: what is finished is kept. */
import { type FileHandle, open, rm } from 'node:fs/promises'
import { causedBy } from '#engine/common/contract/errors.ts'
import type { TaskEvaluation } from './evaluate-in-project.ts'

export type PredictionsFile = {
  readonly add: (result: TaskEvaluation) => Promise<void>
  readonly close: () => Promise<void>
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx')
  } catch (cause) {
    throw causedBy(cause, 'write-failed', 'The file of predictions could not be made.', {
      where: path,
      expected: 'the name of a file that is not there yet',
      next: 'Name another file, or move this one away.'
    })
  }
}

/**
 * A new file, or one that takes nothing where no path is given. It is made at once, so that a name that is taken is
 * refused before long work, and goes again when it is closed without a result.
 * @throws `write-failed`
 */
export async function openPredictionsFile(path: string | undefined): Promise<PredictionsFile> {
  const file = path === undefined ? undefined : await create(path)
  let holdsResults = false
  return {
    add: async ({ task, split, conditions }) => {
      const lines = conditions.flatMap(({ name, predictions }) =>
        predictions.map(
          (prediction) => `${JSON.stringify({ task, split, condition: name, ...prediction })}\n`
        )
      )
      await file?.appendFile(lines.join(''))
      holdsResults = true
    },
    close: async () => {
      await file?.close()
      if (path !== undefined && !holdsResults) await rm(path, { force: true })
    }
  }
}
