/** What windows ask of studies: their files are made, checked and run; what the project has of them is shown. */
import { dirname, join } from 'node:path'
import { writeWholeFile } from '#engine/common/files/write-whole.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { orderStudy } from '#main/experiments/execute/order-study.ts'
import type { StudyResults } from '#main/experiments/execute/results.ts'
import { planExperiments, readDone, readPlan, readResults } from '#main/experiments/execute/stored-study.ts'
import { planStudy } from '#main/experiments/plan/plan-study.ts'
import { progressGrid } from '#main/experiments/plan/progress-grid.ts'
import type { StudyPlan } from '#main/experiments/plan/study-plan.ts'
import { describePlan, type StudyStatus } from '#main/experiments/report/study-status.ts'
import { reportPage, writeReport } from '#main/experiments/report/write-report.ts'
import { checkStudy, readStudy, readStudyText } from '#main/experiments/spec/read-study.ts'
import { listTemplates, makeStudyFile } from '#main/experiments/spec/study-templates.ts'
import type { studyMethods } from '#preload/contract/study-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

/** The status as it is told. */
const told = ({ experiments, ...status }: StudyStatus) => ({ ...status, experiments: [...experiments] })

export function studyHandlers({
  engine,
  current,
  sampleFolder,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof studyMethods> {
  // The templates lie beside the sample.
  const templates = join(dirname(sampleFolder), 'studies')
  const store = () => current.require().project.store
  // A plan never changes under its id, and is asked for again at every cell that ends.
  const plans = new Map<string, StudyPlan>()
  const storedPlan = async (id: string): Promise<StudyPlan> => {
    const plan = plans.get(id) ?? (await readPlan(store().read, id))
    plans.set(id, plan)
    return plan
  }
  const planFile = async (path: string, signal: AbortSignal): Promise<StudyPlan> =>
    await planStudy(await readStudy(path), dirname(path), engine, { signal })
  const resultsOf = async (id: string): Promise<StudyResults> =>
    await readResults(store(), await storedPlan(id))
  return {
    'studies.list': async () => {
      const { read } = store()
      const newest = new Map((await read.studies.list()).reverse().map((study) => [study.name, study]))
      const entries = []
      for (const { id, createdAt } of newest.values()) {
        entries.push({ id, createdAt, ...told(await describePlan(await storedPlan(id), read)) })
      }
      return entries.sort((a, b) => b.createdAt - a.createdAt)
    },
    'studies.grids': async ({ id }) => {
      const { read } = store()
      const { results } = await readDone(read)
      const grids = planExperiments(await storedPlan(id)).map((one) => progressGrid(one, results))
      return grids.map(({ title, columns, rows }) => ({
        title,
        columns: [...columns],
        rows: rows.map(({ label, cells }) => ({ label, cells: [...cells] }))
      }))
    },
    'studies.report': async ({ id }) => ({ page: await reportPage(await resultsOf(id)) }),
    'studies.writeReport': async ({ id, folder }) => await writeReport(await resultsOf(id), folder),
    'studies.templates': async () => await listTemplates(templates),
    'studies.make': async ({ template, path }) => {
      await makeStudyFile(templates, template, path)
      return {}
    },
    'studies.readFile': async ({ path }) => ({ text: await readStudyText(path) }),
    'studies.writeFile': async ({ path, text }) => {
      await writeWholeFile(path, text)
      return {}
    },
    'studies.check': ({ text }) => {
      const checked = checkStudy(text)
      return { mistakes: 'study' in checked ? [] : [...checked.mistakes] }
    },
    'studies.plan': async ({ path }, { signal }) =>
      told(await describePlan(await planFile(path, signal), store().read)),
    'studies.run': async ({ path }, { signal }) => {
      const { project } = current.require()
      const { jobId } = await orderStudy(project, await planFile(path, signal))
      changed('studies')
      changed('jobs')
      return { jobId }
    }
  }
}
