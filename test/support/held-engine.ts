/** An engine whose transfers can be made to wait: a queue as it is while it works. */
import type { SupervisedEngine } from '#main/project/context.ts'

export type HeldEngine<Engine extends SupervisedEngine> = {
  readonly engine: Engine
  /** Transfers that are asked for from now on wait, but for the next so many. */
  readonly hold: (butFor?: number) => void
  /** What waits goes on. */
  readonly release: () => void
}

export function heldEngine<Engine extends SupervisedEngine>(engine: Engine): HeldEngine<Engine> {
  let free = Promise.resolve()
  let passes = 0
  let release = (): void => {}
  return {
    engine: {
      ...engine,
      call: (method, ...rest) =>
        method !== 'transfer.run' || passes-- > 0
          ? engine.call(method, ...rest)
          : free.then(() => engine.call(method, ...rest))
    },
    hold: (butFor = 0) => {
      passes = butFor
      free = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release()
  }
}
