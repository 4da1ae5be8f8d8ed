/** Sources that answer inputs without labels, as commands name them: each a model with its prompt or its manual template. */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { findPrompt } from './prompt-paths.ts'
import type { CommandSession } from './session.ts'
import { pairSources, type SourceOptions } from './transfer-options.ts'

/** @param path of its prompts, or `manual` */
export type Teacher = { readonly model: ModelReference; readonly weight: number; readonly path: string }

/** A teacher with what it answers one task by. */
type ReadyTeacher = EngineArguments<'tuning.refine'>['teachers'][number]

/** @throws `bad-argument` unless every source has one prompt */
export function namedTeachers(options: SourceOptions): Teacher[] {
  return pairSources(options).map(({ model, weight }, index) => ({
    model,
    weight,
    path: options.prompt[index] ?? ''
  }))
}

/** @param vectors only the first rows of each prompt; undefined: all */
export async function readTeachers(
  teachers: readonly Teacher[],
  task: TaskSource,
  vectors: number | undefined,
  { engine, signal }: CommandSession
): Promise<ReadyTeacher[]> {
  const ready: ReadyTeacher[] = []
  for (const { model, weight, path } of teachers) {
    if (path === 'manual') {
      ready.push({ model, weight, condition: { kind: 'manual' } })
      continue
    }
    const report = await engine.call('models.inspect', model, { signal })
    const rows = vectors === undefined ? {} : { vectors }
    const choice = { path: await findPrompt(path, task), model: report, ...rows }
    const { vectors: rowsRead, template } = await engine.call('prompts.read', choice, { signal })
    const condition = { kind: 'prompt', name: report.name, vectors: rowsRead, template } as const
    ready.push({ model, weight, condition })
  }
  return ready
}

export type TransferableSource = {
  readonly model: ModelReference
  readonly weight: number
  readonly prompt: Matrix
  readonly template: string | null
}

/** The prompts of teachers. @throws `bad-argument` for a manual template, which has none */
export function transferable(teachers: readonly ReadyTeacher[]): TransferableSource[] {
  return teachers.map(({ model, weight, condition }) => {
    if (condition.kind === 'prompt')
      return { model, weight: weight ?? 1, prompt: condition.vectors, template: condition.template ?? null }
    throw new AnchorageError('bad-argument', 'A manual template has no vectors to transfer.', {
      where: '--prompt manual',
      expected: 'a prompt of that source; of refine --start manual, --start random or a prompt of the target',
      next: 'Name a prompt, or say where the prompt of the target starts.'
    })
  })
}

/** The template that all prompts stand in, or null for the usual one. */
export function commonTemplate(sources: readonly TransferableSource[]): string | null {
  const template = sources[0]?.template ?? null
  return sources.every((source) => source.template === template) ? template : null
}
