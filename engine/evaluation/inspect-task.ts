/** What a task holds, without its examples: for lists, and to know the same content again. */
import { createHash } from 'node:crypto'
import { splitNames, type TaskSource, type TaskSummary } from '#engine/common/contract/tasks.ts'
import { readTask } from './read-task.ts'

/** Reads the task and counts. Errors as `readTask`. */
export async function inspectTask(source: TaskSource): Promise<TaskSummary> {
  const { name, kind, relation, template, splits, candidates, notes } = await readTask(source)
  const content = JSON.stringify([
    name,
    kind,
    template,
    splitNames.map((split) => splits[split].map(({ input, label }) => [input, label])),
    candidates
  ])
  return {
    name,
    kind,
    relation,
    template,
    examples: { train: splits.train.length, dev: splits.dev.length, test: splits.test.length },
    candidates: candidates?.length ?? null,
    sha256: createHash('sha256').update(content).digest('hex'),
    notes
  }
}
