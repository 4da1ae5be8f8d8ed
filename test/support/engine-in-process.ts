/** The engine itself behind the RPC, without a process of its own: for tests of what calls it. */
import { engineContract } from '#engine/common/contract/engine-methods.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { createTransportPair } from '#engine/common/rpc/in-memory-transport.ts'
import { serve } from '#engine/common/rpc/serve.ts'
import { createHandlers } from '#engine/handlers.ts'
import type { SupervisedEngine } from '#main/project/context.ts'

export type EngineInProcess = SupervisedEngine & {
  /** The methods called so far. */
  readonly called: string[]
}

/** An engine on the CPU, whatever device is asked for; a fault of the connection is thrown. */
export function engineInProcess(): EngineInProcess {
  const [here, there] = createTransportPair()
  const fail = (fault: unknown): never => {
    throw fault
  }
  const devices = {
    measure: () => Promise.resolve([]),
    known: () => Promise.resolve([]),
    resolveDevice: () => Promise.resolve('cpu' as const)
  }
  serve(engineContract, there, createHandlers(devices), fail)
  const caller = createCaller(engineContract, here, fail)
  const called: string[] = []
  return {
    called,
    givenUp: () => null,
    onGivenUp: () => () => {},
    setAside: () => [],
    onSetAside: () => () => {},
    restart: () => {},
    call: (method, args, options) => {
      called.push(method)
      return caller.call(method, args, options)
    }
  }
}
