/**
 * Makes the ready project of the sample anew (`npm run sample:project`): what `npm run sample` makes, and besides
 * fewer anchors and the search by Adam, so that there is something to compare. The project keeps the paths of its
 * prompts: make the one that ships in a checkout at `/opt/anchorage`, so that they say nothing of whoever makes it.
 */
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { defaultRidge } from '#engine/common/contract/transfer.ts'
import { requireWholeModel } from '#main/catalogue/models.ts'
import { createEngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'
import { createProject, type Project } from '#main/project/project.ts'
import type { FollowControl } from '#main/queue/follow-job.ts'
import {
  buildSampleAnchors,
  openSampleWork,
  runSample,
  sampleAnchorsName,
  sampleSettings,
  transferSample
} from './run-sample.ts'
import { findSample, type SampleFiles, sampleSources, sampleTargets } from './sample-files.ts'

const fewerAnchors = [64, 128, 256]
const adam = {
  kind: 'adam',
  steps: 1000,
  learningRate: 5e-3,
  selection: 'lowest-loss',
  snapshotEvery: null
} as const

async function transferFurther(project: Project, files: SampleFiles, control: FollowControl): Promise<void> {
  const work = await openSampleWork(project, files, control.signal)
  const sources = [...sampleSources]
  for (const count of fewerAnchors) {
    const anchors = await buildSampleAnchors(project, files, control, count)
    for (const target of sampleTargets)
      await transferSample(work, anchors, sources, target, sampleSettings, control)
  }
  const anchors = await buildSampleAnchors(project, files, control)
  await transferSample(work, anchors, sources, sampleTargets[0], { ...sampleSettings, method: adam }, control)
}

/**
 * What the screens show first: the capital of a country, transferred from both sources to the first target; and the
 * comparison of runs that differ in sources and targets alone.
 */
async function chooseViews({ store }: Project): Promise<void> {
  const [models, prompts] = [await store.read.models.list(), await store.read.prompts.list()]
  const tuned = prompts.filter(({ relation, runId }) => relation === 'capital' && runId === null)
  const promptIds = sampleSources.flatMap(
    (source) => tuned.find(({ model }) => model.name === source)?.id ?? []
  )
  const target = models.find(({ report }) => report.name === sampleTargets[0])
  const anchors = await store.read.anchorSets.byName(sampleAnchorsName())
  const alike = (await store.read.runs.overview()).filter(
    ({ manifest }) => manifest.method.kind === 'exact' && manifest.anchors?.name === sampleAnchorsName()
  )
  await store.write(async ({ views }) => {
    await views.set('mix', {
      promptIds,
      targetId: target?.id ?? null,
      anchorSetId: anchors?.id ?? null,
      centre: sampleSettings.centre,
      ridge: defaultRidge
    })
    await views.set('compare', { runIds: alike.map(({ id }) => id) })
  })
}

const root = resolve(import.meta.dirname, '../..')
const files = await findSample(join(root, 'assets/sample'))
const log = pino({ level: 'silent' })
const engine = createEngineProcess({ start: () => forkEngine(join(root, 'out/engine.js'), log), log })
const control: FollowControl = {
  signal: new AbortController().signal,
  onProgress: ({ label }) => process.stdout.write(`${label}\n`)
}
try {
  await rm(files.project, { force: true })
  const project = await createProject(files.project, engine)
  try {
    await runSample(project, files, control)
    await transferFurther(project, files, control)
    for (const { id } of await project.store.read.models.list()) await requireWholeModel(project, id, control)
    await chooseViews(project)
  } finally {
    await project.close()
  }
} finally {
  await engine.stop()
}
