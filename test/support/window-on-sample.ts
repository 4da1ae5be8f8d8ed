/** The workbench's windows without a window: a service on a copy of the sample, its methods called directly. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createCaller } from '../../engine/rpc/caller.ts'
import { createTransportPair } from '../../engine/rpc/in-memory-transport.ts'
import type { ArgumentsOf, MethodOf, ResultOf } from '../../engine/rpc/method-map.ts'
import { serve } from '../../engine/rpc/serve.ts'
import { createWindowService } from '../../main/workbench/window/serve-windows.ts'
import { type WorkbenchContract, workbenchContract } from '../../preload/contract/workbench-methods.ts'
import { type EngineInProcess, engineInProcess } from './engine-in-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const sampleFolder = fileURLToPath(new URL('../../assets/sample', import.meta.url))

/** Where the sample's tasks are, as they are added to a project. */
export const sampleTasks = {
  folder: join(sampleFolder, 'tasks/relations'),
  commonVocabulary: join(sampleFolder, 'tasks/common_vocabulary.txt')
}

export type WindowOnSample = {
  engine: EngineInProcess
  call<M extends MethodOf<WorkbenchContract>>(
    method: M,
    args: ArgumentsOf<WorkbenchContract, M>,
    options?: { signal?: AbortSignal }
  ): Promise<ResultOf<WorkbenchContract, M>>
}

/** A copy of the sample's project, open, with the engine in this process. */
export async function windowOnSample(): Promise<WindowOnSample> {
  const folder = await temporaryFolder()
  const engine = engineInProcess()
  const service = createWindowService({ engine, recentFile: join(folder, 'recent.json'), sampleFolder })
  onTestFinished(() => service.close())
  const [here, there] = createTransportPair()
  const fail = (fault: unknown): never => {
    throw fault
  }
  serve(workbenchContract, there, service.handlers, fail)
  const { call } = createCaller(workbenchContract, here, fail)
  await call('sample.open', { folder })
  return { engine, call }
}

/** The sample's ids by name. */
export async function idsOfSample({ call }: WindowOnSample) {
  const models = new Map((await call('models.list', {})).map(({ id, report }) => [report.name, id]))
  const prompts = await call('prompts.list', {})
  const [anchors] = await call('anchors.list', {})
  const required = (id: string | undefined, what: string): string => {
    if (id === undefined) throw new Error(`The sample has no ${what}.`)
    return id
  }
  return {
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
