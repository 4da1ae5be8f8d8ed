/** The tasks of a project: registered by the hash of their content, read again where their files are. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import { requireFound } from '#store/records/row.ts'
import type { RegisteredTask } from '#store/records/tasks.ts'

/** Registers a task; one of the same content gets its new place. */
export async function registerTask(
  { store, engine }: WorkbenchContext,
  source: TaskSource,
  signal?: AbortSignal
): Promise<RegisteredTask> {
  const summary = await engine.call('tasks.inspect', source, { signal })
  return await store.write(async ({ tasks }) => {
    const id = await tasks.keep(source, summary)
    return requireFound(await tasks.get(id), 'task', id)
  })
}

/**
 * Registers every relation at or below a folder.
 * @throws `file-not-found` where there is none
 */
export async function registerRelations(
  context: WorkbenchContext,
  folder: string,
  commonVocabulary: string | null,
  signal?: AbortSignal
): Promise<RegisteredTask[]> {
  const found = await context.engine.call('tasks.findRelations', { folder }, { signal })
  const registered: RegisteredTask[] = []
  for (const relation of found) {
    const source = { kind: 'relation' as const, folder: relation.folder, commonVocabulary }
    registered.push(await registerTask(context, source, signal))
  }
  return registered
}

/**
 * A registered task whose files still hold it.
 * @throws `file-not-found` where they are gone, `mismatch` where they hold something else
 */
export async function requireTask(
  { store, engine }: WorkbenchContext,
  id: string,
  signal?: AbortSignal
): Promise<RegisteredTask> {
  const task = requireFound(await store.read.tasks.get(id), 'task', id)
  const now = await engine.call('tasks.inspect', task.source, { signal })
  if (now.sha256 === task.summary.sha256) return task
  const { source } = task
  throw new AnchorageError('mismatch', `The files of ${task.summary.name} hold something else now.`, {
    where: source.kind === 'relation' ? source.folder : Object.values(source.files).join(', '),
    found: `SHA-256 ${now.sha256.slice(0, 12)}…`,
    expected: `SHA-256 ${task.summary.sha256.slice(0, 12)}…, as when it was registered`,
    next: 'Put the files back, or add the task anew.'
  })
}
