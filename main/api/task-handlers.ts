/** What windows ask of tasks: which there are, what models answered to them, and more to be asked. */

import { exists } from '#engine/common/files/exists.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { registerRelations, registerTask } from '#main/catalogue/tasks.ts'
import { type Evaluated, planEvaluation, planTuning } from '#main/experiments/plan/plan-references.ts'
import { jobOf } from '#main/experiments/plan/registered-inputs.ts'
import type { taskMethods } from '#preload/contract/task-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import { requireFound } from '#store/records/row.ts'
import { shownScores } from './shown-scores.ts'
import type { WindowContext } from './window-context.ts'

export function taskHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof taskMethods> {
  const findPrompt = async (id: string) =>
    requireFound(await current.require().project.store.read.prompts.get(id), 'prompt', id)
  return {
    'tasks.list': async () => {
      const tasks = await current.require().project.store.read.tasks.list()
      return await Promise.all(
        tasks.map(async ({ id, source, summary }) => {
          const files = source.kind === 'relation' ? [source.folder] : Object.values(source.files)
          const there = await Promise.all(files.map(exists))
          return { id, source, summary, missing: there.includes(false) }
        })
      )
    },
    'tasks.add': async (source, { signal }) => {
      const { id } = await registerTask(current.require().project, source, signal)
      changed('tasks')
      return { ids: [id] }
    },
    'tasks.addRelations': async ({ folder, commonVocabulary }, { signal }) => {
      const tasks = await registerRelations(current.require().project, folder, commonVocabulary, signal)
      changed('tasks')
      return { ids: tasks.map(({ id }) => id) }
    },
    'tasks.remove': async ({ ids }) => {
      const { project, removals } = current.require()
      const taken = await project.store.write(async ({ tasks }) => {
        const rows = []
        for (const id of ids) rows.push(...(await tasks.take(id)))
        return rows
      })
      changed('tasks')
      return { removalId: removals.note(['tasks'], taken) }
    },
    'evaluations.list': async () => {
      const runs = await current.require().project.store.read.runs.overview()
      return runs.flatMap(({ id, promptId, manifest, scores, createdAt }) => {
        const { method, target, task, evaluation, template } = manifest
        if (scores === null || task === null || evaluation === null) return []
        return {
          id,
          promptId,
          condition: method.kind === 'manual' || method.kind === 'random' ? method.kind : 'prompt',
          model: target.name,
          tableFingerprint: target.fingerprint.table,
          task: task.name,
          split: evaluation.split,
          template: template ?? '',
          scores: shownScores(scores),
          createdAt
        }
      })
    },
    'evaluations.order': async ({ modelId, cells, ...settings }) => {
      const { store, queue } = current.require().project
      const model = requireFound(await store.read.models.get(modelId), 'model', modelId)
      const planned = []
      for (const { taskId, conditions } of cells) {
        const task = requireFound(await store.read.tasks.get(taskId), 'task', taskId)
        const evaluated: Evaluated[] = []
        for (const one of conditions)
          evaluated.push(
            one.kind === 'prompt' ? { kind: one.kind, stored: await findPrompt(one.promptId) } : one
          )
        planned.push({ task, conditions: evaluated })
      }
      return { jobId: await queue.add(jobOf(planEvaluation({ model, cells: planned, ...settings }))) }
    },
    'tunings.order': async ({ modelId, taskIds, start, ...order }) => {
      const { store, queue } = current.require().project
      const model = requireFound(await store.read.models.get(modelId), 'model', modelId)
      const tasks = []
      for (const id of taskIds) tasks.push(requireFound(await store.read.tasks.get(id), 'task', id))
      const from =
        start.kind === 'prompt' ? { kind: start.kind, stored: await findPrompt(start.promptId) } : start
      return { jobId: await queue.add(jobOf(planTuning({ model, tasks, start: from, ...order }))) }
    },
    'tunings.get': async ({ id }) => {
      const { runs } = current.require().project.store.read
      const { manifest, loss, curve, chosenStep, seconds } = requireFound(await runs.get(id), 'run', id)
      const { target, selection } = manifest
      const { task, template, seed, settings, ended } = requireFound(
        manifest.tuning ?? undefined,
        'tuning',
        id
      )
      return {
        model: target.name,
        task: task.name,
        template,
        seed,
        settings,
        selection,
        ended,
        loss,
        validations: curve,
        chosenStep,
        seconds
      }
    }
  }
}
