/** The workbench's windows without a window: its methods called directly, on a new project of the sample's models. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Caller, createCaller } from '#engine/common/rpc/caller.ts'
import { createTransportPair } from '#engine/common/rpc/in-memory-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import { createWindowService, type WindowService } from '#main/api/serve-windows.ts'
import { type WorkbenchContract, workbenchContract } from '#preload/contract/workbench-methods.ts'
import { type EngineInProcess, engineInProcess } from './engine-in-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const sampleFolder = fileURLToPath(new URL('../../assets/sample', import.meta.url))

/** Where the sample's tasks are, as they are added to a project. */
export const sampleTasks = {
  folder: join(sampleFolder, 'tasks/relations'),
  commonVocabulary: join(sampleFolder, 'tasks/common_vocabulary.txt')
}

/** Models of the sample; those in front have prompts. */
const sampleModels = ['bert-small', 'roberta-small', 'bert-large', 'roberta-large'] as const
const tunedModels = sampleModels.slice(0, 2)
const relations = ['capital', 'currency'] as const

export type WindowCalls = Caller<WorkbenchContract>['call']

/** Calls a service as a window would: checked on both ways. */
export function callsOf({ handlers }: WindowService): WindowCalls {
  const [here, there] = createTransportPair()
  const fail = (fault: unknown): never => {
    throw fault
  }
  serve(workbenchContract, there, handlers, fail)
  return createCaller(workbenchContract, here, fail).call
}

export type WindowOnSample = { engine: EngineInProcess; call: WindowCalls }

/** A new project with models, tuned prompts of two relations and the anchor set `sample`; no runs and no tasks. */
export async function windowOnSample(): Promise<WindowOnSample> {
  const folder = await temporaryFolder()
  const engine = engineInProcess()
  const service = createWindowService({
    engine,
    recentFile: join(folder, 'recent.json'),
    sampleFolder,
    documents: () => folder
  })
  onTestFinished(() => service.close())
  const call = callsOf(service)
  await call('project.create', { path: join(folder, 'test.anchorage') })
  const modelIds: string[] = []
  for (const model of sampleModels) {
    const { id } = await call('models.add', { folder: join(sampleFolder, 'models', model) })
    modelIds.push(id)
  }
  const imports = tunedModels.flatMap((model, index) =>
    relations.map((relation) => ({
      modelId: modelIds[index],
      choice: { path: join(sampleFolder, 'prompts', model, relation), vectors: 5 }
    }))
  )
  await call('prompts.import', { imports })
  const recipe = { casePolicy: 'fold' as const, cap: 512 }
  await call('anchors.save', { name: 'sample', modelIds, recipe })
  return { engine, call }
}

/** The ids of what a project on the sample holds, by name. */
export async function idsOfSample(call: WindowCalls) {
  const models = new Map((await call('models.list', {})).map(({ id, report }) => [report.name, id]))
  const prompts = await call('prompts.list', {})
  const [anchors] = await call('anchors.list', {})
  const required = (id: string | undefined, what: string): string => {
    if (id === undefined) throw new Error(`The project has no ${what}.`)
    return id
  }
  return {
    /** The first by name. */
    anchorSetId: required(anchors?.id, 'anchor set'),
    model: (name: string): string => required(models.get(name), name),
    /** The tuned prompt of a model for a relation. */
    prompt: (model: string, relation: string): string =>
      required(
        prompts.find(
          (prompt) => prompt.model.name === model && prompt.relation === relation && prompt.runId === null
        )?.id,
        `prompt of ${model} for ${relation}`
      )
  }
}
