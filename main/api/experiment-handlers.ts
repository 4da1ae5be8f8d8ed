/** What windows ask of experiments: their files are made, checked and run; what the project has of them is shown. */
import { dirname, join, parse } from 'node:path'
import { z } from 'zod'
import { writeWholeFile } from '#engine/common/files/write-whole.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { projectWeights } from '#main/catalogue/model-weights.ts'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import { planSections, readDone, readPlan, readResults } from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { progressGrid } from '#main/experiments/plan/progress-grid.ts'
import {
  describeBeforehand,
  describePlan,
  type ExperimentStatus
} from '#main/experiments/report/experiment-status.ts'
import { makeReportFolder } from '#main/experiments/report/report-folder.ts'
import { readRunResults } from '#main/experiments/report/results-of-runs.ts'
import { reportPage, writeReport } from '#main/experiments/report/write-report.ts'
import { experimentJsonSchema } from '#main/experiments/spec/experiment-file.ts'
import { listTemplates, makeExperimentFile } from '#main/experiments/spec/experiment-templates.ts'
import {
  checkExperimentText,
  readExperiment,
  readExperimentText
} from '#main/experiments/spec/read-experiment.ts'
import type { experimentMethods, Reported } from '#preload/contract/experiment-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

/** The status as it is told. */
const told = <Status extends ExperimentStatus>({ sections, ...status }: Status) => ({
  ...status,
  sections: [...sections]
})

export function experimentHandlers({
  engine,
  current,
  sampleFolder,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof experimentMethods> {
  // The templates lie beside the sample.
  const templates = join(dirname(sampleFolder), 'experiments')
  const store = () => current.require().project.store
  // A plan never changes under its id, and is asked for again at every cell that ends.
  const plans = new Map<string, ExperimentPlan>()
  const storedPlan = async (id: string): Promise<ExperimentPlan> => {
    const plan = plans.get(id) ?? (await readPlan(store().read, id))
    plans.set(id, plan)
    return plan
  }
  const planFile = async (path: string, signal: AbortSignal): Promise<ExperimentPlan> =>
    await planExperiment(await readExperiment(path), dirname(path), engine, {
      signal,
      hashWeights: projectWeights(current.require().project)
    })
  const resultsOf = async (reported: Reported): Promise<ExperimentResults> => {
    if ('experimentId' in reported) return await readResults(store(), await storedPlan(reported.experimentId))
    return await readRunResults(store().read, parse(store().path).name, { ids: reported.runIds })
  }
  return {
    'experiments.list': async () => {
      const { read } = store()
      const newest = new Map(
        (await read.experiments.list()).reverse().map((experiment) => [experiment.name, experiment])
      )
      const entries = []
      for (const { id, createdAt } of newest.values()) {
        entries.push({ id, createdAt, ...told(await describePlan(await storedPlan(id), read)) })
      }
      return entries.sort((a, b) => b.createdAt - a.createdAt)
    },
    'experiments.grids': async ({ id }) => {
      const { read } = store()
      const { results } = await readDone(read)
      const grids = planSections(await storedPlan(id)).map((one) => progressGrid(one, results))
      return grids.map(({ title, columns, rows }) => ({
        title,
        columns: [...columns],
        rows: rows.map(({ label, cells }) => ({ label, cells: [...cells] }))
      }))
    },
    'experiments.report': async (reported) => ({ page: await reportPage(await resultsOf(reported)) }),
    'experiments.writeReport': async ({ reported, folder }) =>
      await writeReport(await resultsOf(reported), await makeReportFolder(folder)),
    'experiments.schema': () => ({ schema: z.json().parse(experimentJsonSchema()) }),
    'experiments.templates': async () => await listTemplates(templates),
    'experiments.make': async ({ template, path }) => {
      await makeExperimentFile(templates, template, path)
      return {}
    },
    'experiments.readFile': async ({ path }) => ({ text: await readExperimentText(path) }),
    'experiments.writeFile': async ({ path, text }) => {
      await writeWholeFile(path, text)
      return {}
    },
    'experiments.check': async ({ text }) => {
      const checked = await checkExperimentText(text)
      return { mistakes: 'experiment' in checked ? [] : [...checked.mistakes] }
    },
    'experiments.plan': async ({ path }, { signal }) =>
      told(await describeBeforehand(await planFile(path, signal), store().read)),
    'experiments.run': async ({ path }, { signal }) => {
      const { project } = current.require()
      const { jobId } = await orderExperiment(project, await planFile(path, signal))
      changed('experiments')
      changed('jobs')
      return { jobId }
    }
  }
}
