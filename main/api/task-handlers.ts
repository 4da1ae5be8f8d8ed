/** What windows ask of tasks: which there are, what models answered to them, and more to be asked. */

import { exists } from '#engine/common/files/exists.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { registerRelations, registerTask } from '#main/catalogue/tasks.ts'
import type { Project } from '#main/project/project.ts'
import type { taskMethods } from '#preload/contract/task-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { NewJob } from '#store/records/jobs.ts'
import { requireFound } from '#store/records/row.ts'
import type { WindowContext } from './window-context.ts'

async function modelName({ store }: Project, id: string): Promise<string> {
  return requireFound(await store.read.models.get(id), 'model', id).report.name
}

async function taskName({ store }: Project, id: string): Promise<string> {
  return requireFound(await store.read.tasks.get(id), 'task', id).summary.name
}

export function taskHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof taskMethods> {
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
          scores,
          createdAt
        }
      })
    },
    'evaluations.order': async ({ cells, ...settings }) => {
      const { project } = current.require()
      const job: NewJob = {
        title: `${await modelName(project, settings.modelId)} asked`,
        settings: { kind: 'evaluation', ...settings },
        cells: await Promise.all(
          cells.map(async ({ taskId, conditions }) => ({
            label: await taskName(project, taskId),
            work: { kind: 'evaluation' as const, taskId, contestants: conditions }
          }))
        )
      }
      return { jobId: await project.queue.add(job) }
    },
    'tunings.order': async ({ taskIds, seeds, ...settings }) => {
      const { project } = current.require()
      const perTask = await Promise.all(
        taskIds.map(async (taskId) => {
          const name = await taskName(project, taskId)
          return seeds.map((seed) => ({
            label: seeds.length > 1 ? `${name}, seed ${seed}` : name,
            work: { kind: 'tuning' as const, taskId, seed }
          }))
        })
      )
      const job: NewJob = {
        title: `tuned on ${await modelName(project, settings.modelId)}`,
        settings: { kind: 'tuning', ...settings },
        cells: perTask.flat()
      }
      return { jobId: await project.queue.add(job) }
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
