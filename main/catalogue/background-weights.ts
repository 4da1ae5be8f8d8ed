/** Hashes the weights of a project's models while other work goes on: one model at a time, until it is closed. */
import { exists } from '#engine/common/files/exists.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import type { Unsubscribe } from '#engine/common/rpc/transport.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireWholeModel } from './models.ts'

/** How far a model's hashing is, in bytes. */
export type Hashing = { readonly modelId: string; readonly done: number; readonly total: number }

export type BackgroundWeights = {
  /** Hashes the models whose weights are not known, or the one of this id even if it was stopped before. */
  start(modelId?: string): void
  /** Stops the one that is hashed; it is not tried again by itself. */
  stop(): void
  hashing(): Hashing | null
  /** Hears when a model's hashing begins, is further on and has ended. */
  onChange(listener: () => void): Unsubscribe
  close(): Promise<void>
}

export function backgroundWeights(context: WorkbenchContext): BackgroundWeights {
  const listeners = createListeners<null>()
  /** Tried already: what failed says why when the model is run. */
  const tried = new Set<string>()
  let closed = false
  let hashing: Hashing | null = null
  let controller = new AbortController()
  let working: Promise<void> | null = null

  const tell = (now: Hashing | null): void => {
    hashing = now
    listeners.emit(null)
  }

  const nextModel = async (): Promise<RegisteredModel | undefined> => {
    for (const model of await context.store.read.models.list())
      if (model.weights === null && !tried.has(model.id) && (await exists(model.reference.folder)))
        return model
    return undefined
  }

  const hash = async ({ id }: RegisteredModel): Promise<void> => {
    tried.add(id)
    controller = new AbortController()
    try {
      await requireWholeModel(context, id, {
        signal: controller.signal,
        onProgress: ({ done, total }) => {
          const percent = (bytes: number): number => Math.floor((100 * bytes) / total)
          if (hashing?.modelId !== id || percent(done) > percent(hashing.done))
            tell({ modelId: id, done, total })
        }
      })
    } catch {
      // The card of the model says that its weights are not hashed; whoever runs it is told why.
    } finally {
      if (!closed) tell(null)
    }
  }

  const work = async (): Promise<void> => {
    for (;;) {
      const model = closed ? undefined : await nextModel()
      if (model === undefined) return
      await hash(model)
    }
  }

  return {
    start(modelId) {
      if (modelId !== undefined) tried.delete(modelId)
      working = (working ?? Promise.resolve()).then(work)
    },
    stop: () => controller.abort(),
    hashing: () => hashing,
    onChange: listeners.add,
    async close() {
      closed = true
      controller.abort()
      await working
    }
  }
}
