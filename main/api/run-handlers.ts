/** What windows ask of runs: the table of all of them, one in full, tags, notes, and running again. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { repeatRun } from '#main/experiments/transfers/repeat-run.ts'
import type { RunEntry, runMethods } from '#preload/contract/run-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import { requireFound } from '#store/records/row.ts'
import type { RunOverview } from '#store/records/runs.ts'
import type { WindowContext } from './window-context.ts'

type Answered = Exclude<keyof typeof runMethods, `export.${string}` | `views.${string}`>

/** The manifest laid flat. */
function entryOf({ manifest, meanMatching, vectorCount, ...run }: RunOverview): RunEntry {
  const { sources, target, anchors, mask, solver, rescale, relation, selection, device } = manifest
  const totalWeight = sources.reduce((sum, { weight }) => sum + weight, 0)
  return {
    ...run,
    sources: sources.map(({ model, prompt, weight }) => ({
      model: model.name,
      prompt: prompt.name,
      weight
    })),
    target: target.name,
    relation,
    promptLength: vectorCount,
    anchorSet: anchors.name,
    anchors: anchors.count,
    kept: mask.kind === 'all' ? null : mask.k,
    mask: mask.kind,
    solver: solver.kind,
    ridge: solver.kind === 'exact' ? solver.ridge : null,
    seed: solver.kind === 'adam' ? solver.seed : null,
    selection,
    rescale,
    device: device.used,
    matching: meanMatching / totalWeight
  }
}

export function runHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, Answered> {
  return {
    'runs.list': async () => (await current.require().project.store.read.runs.overview()).map(entryOf),
    'runs.get': async ({ id }) => {
      const { runs, notes } = current.require().project.store.read
      const { name, manifest, report, search } = requireFound(await runs.get(id), 'run', id)
      const written = await notes.list(id)
      return {
        id,
        name,
        manifest,
        report,
        search,
        notes: written.map(({ id, text, changedAt }) => ({ id, text, changedAt }))
      }
    },
    'runs.repeat': async ({ ids }) => {
      const { project } = current.require()
      const jobIds: string[] = []
      for (const id of ids) jobIds.push(await repeatRun(project, id))
      return { jobIds }
    },
    'runs.tag': async ({ ids, tag, on }) => {
      await current.require().project.store.write(async ({ runs }) => {
        for (const id of ids) await runs.tag(id, tag, on)
      })
      changed('runs')
      return {}
    },
    'notes.add': async ({ runId, text }) => {
      const id = await current.require().project.store.write(({ notes }) => notes.add(runId, text))
      changed('runs')
      return { id }
    },
    'notes.remove': async ({ id }) => {
      await current.require().project.store.write(({ notes }) => notes.remove(id))
      changed('runs')
      return {}
    }
  }
}
