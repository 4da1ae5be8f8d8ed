/** A race as a job of the queue: one part, which keeps what is answered block by block, so that a later start asks on. */
import { z } from 'zod'
import { raceSettingsSchema } from '#engine/common/contract/races.ts'
import { hasEqualWeights } from '#engine/common/statistics/zero-shot-choices.ts'
import { measuringGroupSchema } from '#main/experiments/plan/experiment-plan.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { RunCell } from '#main/queue/queue.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { Job, NewJob } from '#store/records/jobs.ts'
import { hashContent, readRow, requireFound } from '#store/records/row.ts'
import { armsOf, type RaceArms } from './race-arms.ts'
import { type RaceSettings, runRace, sharedSettings } from './run-race.ts'

/** What the job of a race holds. */
const plannedRacesSchema = z.array(
  z.object({ id: z.string(), settings: raceSettingsSchema, groups: z.array(measuringGroupSchema).min(1) })
)

/** The job that races them, on models and anchors that the project has registered. */
export function raceJob({ arms, groups }: RaceArms, settings: RaceSettings): NewJob {
  const id = hashContent({ settings, groups })
  const what = arms.every(hasEqualWeights) ? 'sets' : 'mixtures'
  const target = groups[0]?.target.name ?? 'no target'
  return {
    title: `Find the best of ${arms.length} ${what} on ${target}`,
    kind: 'race',
    experimentId: null,
    groups: [{ id, settings, groups }],
    cells: [{ label: `${arms.length} ${what} on ${groups.length} tasks`, groupId: id }]
  }
}

async function plannedRace({ jobs }: ProjectReader, jobId: string) {
  const [planned] = readRow(plannedRacesSchema, await jobs.groups(jobId), 'a race')
  return requireFound(planned, 'race of job', jobId)
}

/** How the races of a project are run; what one found is kept as its part ends. */
export function races(project: WorkbenchContext): RunCell {
  return async ({ id }, _, control) => {
    const { settings, groups } = await plannedRace(project.store.read, id)
    const { keep } = await runRace(project, armsOf(groups), settings, null, control)
    return async (writer) => {
      await keep(writer)
    }
  }
}

/** A race that the queue holds and that has found nothing yet, with what tells which view it belongs to. */
async function openRace(read: ProjectReader, jobId: string) {
  const { settings, groups } = await plannedRace(read, jobId)
  const { arms, groups: raced } = armsOf(groups)
  return {
    jobId,
    ...settings,
    ...sharedSettings(requireFound(raced[0], 'task', '0')),
    sets: arms.map(({ sources }) => ({ sources: sources.map(({ weight }) => ({ weight })) }))
  }
}

/** The races of the queue that have not finished; what a job holds is read once. */
export function openRaces() {
  type OpenRace = Awaited<ReturnType<typeof openRace>>
  const known = new Map<string, OpenRace>()
  return async (read: ProjectReader): Promise<OpenRace[]> => {
    const isOpen = ({ kind, state }: Job): boolean => kind === 'race' && state !== 'finished'
    const open: OpenRace[] = []
    for (const { id } of (await read.jobs.list()).filter(isOpen)) {
      const race = known.get(id) ?? (await openRace(read, id))
      known.set(id, race)
      open.push(race)
    }
    return open
  }
}
