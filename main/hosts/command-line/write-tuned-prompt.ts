/** Writes a prompt that a command made on a task for its model, where the output path says. */
import { dirname } from 'node:path'
import type { ModelReport } from '#engine/common/contract/models.ts'
import type { PromptFormat } from '#engine/common/contract/prompts.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { TuningResult } from '#engine/common/contract/tuning.ts'
import { ensureFolder } from '#engine/common/files/write-whole.ts'
import { formatOf, taskName, taskPath } from './prompt-paths.ts'
import type { CommandSession } from './session.ts'

type OutputOptions = {
  /** A path, with `{task}` where there are several. */
  readonly out: string
  readonly format?: PromptFormat
  readonly padRows?: boolean
  readonly overwrite?: boolean
}

/**
 * @param tuning how it was made, for the file
 * @returns the files that were written
 */
export async function writeTunedPrompt(
  task: TaskSource,
  { prompt: vectors, template }: Pick<TuningResult, 'prompt' | 'template'>,
  tuning: string,
  model: ModelReport,
  options: OutputOptions,
  { engine }: CommandSession
): Promise<readonly string[]> {
  const name = taskName(task)
  const path = taskPath(options.out, task)
  await ensureFolder(dirname(path))
  const { files } = await engine.call('prompts.write', {
    prompt: {
      name,
      vectors,
      model: { name: model.name, tableFingerprint: model.fingerprint.table },
      task: name,
      relation: task.kind === 'relation' ? name : null,
      position: 'template',
      template,
      origin: { kind: 'tuning', tuning },
      warnings: []
    },
    format: options.format ?? formatOf(path),
    path,
    padRows: options.padRows === true,
    overwrite: options.overwrite === true,
    model
  })
  return files
}
