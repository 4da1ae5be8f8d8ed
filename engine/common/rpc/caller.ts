/**
 * The calling side of the RPC: sends calls over a transport, hands progress and events on, cancels, and
 * rejects everything that is pending when the connection ends.
 */
import { type Progress, progressSchema } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, errorFromData } from '#engine/common/contract/errors.ts'
import { createListeners, type Listeners } from './listeners.ts'
import { callIdOf, cannotBeSent, checkReceived, type Reply, type Request, replySchema } from './messages.ts'
import {
  type ArgumentsOf,
  type CheckedPayloadOf,
  type EventOf,
  isEvent,
  type MethodOf,
  payloadSchema,
  type ResultOf,
  type RpcContract,
  resultSchema
} from './method-map.ts'
import type { Transport, Unsubscribe } from './transport.ts'

type CallOptions = {
  /**
   * Cancels the call. Aborted beforehand, nothing is sent; aborted during the call, the server is asked to
   * stop and the promise settles when it has: mostly with `cancelled`, with the result where it was done.
   */
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export type Caller<C extends RpcContract> = {
  /** Rejects with the error of the other side, `cancelled`, or `engine-died` where the connection ends. */
  call<M extends MethodOf<C>>(
    method: M,
    args: ArgumentsOf<C, M>,
    options?: CallOptions
  ): Promise<ResultOf<C, M>>
  onEvent<E extends EventOf<C>>(name: E, listener: (payload: CheckedPayloadOf<C, E>) => void): Unsubscribe
  /** Rejects what is pending with the reason and closes the transport. */
  close(reason: string): void
}

type Pending = {
  succeed(value: unknown): void
  fail(error: unknown): void
  progress(value: unknown): void
  /** The connection ended. */
  end(reason: string): void
}

function cancelled(method: string): AnchorageError {
  return new AnchorageError('cancelled', `The call ${method} was cancelled.`)
}

function died(method: string, reason: string): AnchorageError {
  return new AnchorageError('engine-died', `The other process ended before ${method} was done: ${reason}.`, {
    where: method,
    found: reason,
    next: 'Try again: the engine is started anew. If it ends again, try a smaller input or the device cpu.'
  })
}

/**
 * A caller over a transport. `onFault` hears of what fails no call: malformed messages and progress,
 * unknown events, listeners that throw.
 */
export function createCaller<C extends RpcContract>(
  contract: C,
  transport: Transport,
  onFault: (error: unknown) => void
): Caller<C> {
  const pending = new Map<number, Pending>()
  const events = new Map<string, Listeners<unknown>>()
  let nextId = 0
  let closedFor: string | undefined

  const guarded = (action: () => void): void => {
    try {
      action()
    } catch (fault) {
      onFault(fault)
    }
  }

  const receiveEvent = (name: string, payload: unknown): void => {
    if (isEvent(contract, name)) events.get(name)?.emit(payload)
    else onFault(new AnchorageError('internal', `An event ${name} arrived that is not in the contract.`))
  }

  const receive = (reply: Reply): void => {
    if (reply.kind === 'event') {
      receiveEvent(reply.name, reply.payload)
      return
    }
    // Where the call has ended already, the reply came too late to matter.
    const call = pending.get(reply.id)
    if (reply.kind === 'progress') call?.progress(reply.progress)
    else if (reply.kind === 'result') call?.succeed(reply.value)
    else call?.fail(errorFromData(reply.error))
  }

  const stopReceiving = transport.onMessage((message) => {
    let reply: Reply
    try {
      reply = checkReceived(replySchema, message, 'a message of the other process', 'internal')
    } catch (fault) {
      const call = pending.get(callIdOf(message) ?? -1)
      return call === undefined ? onFault(fault) : call.fail(fault)
    }
    receive(reply)
  })

  const end = (reason: string): void => {
    if (closedFor !== undefined) return
    closedFor = reason
    stopReceiving()
    for (const call of [...pending.values()]) call.end(reason)
  }
  transport.onClose(end)

  return {
    call(method, args, { signal, onProgress } = {}) {
      if (signal?.aborted) return Promise.reject(cancelled(method))
      if (closedFor !== undefined) return Promise.reject(died(method, closedFor))
      const id = nextId++
      const cancel = (): void => transport.send({ kind: 'cancel', id } satisfies Request)
      const release = (): void => {
        pending.delete(id)
        signal?.removeEventListener('abort', cancel)
      }
      return new Promise((resolve, reject) => {
        const fail = (error: unknown): void => {
          release()
          reject(error)
        }
        pending.set(id, {
          fail,
          end: (reason) => fail(signal?.aborted ? cancelled(method) : died(method, reason)),
          succeed(value) {
            release()
            try {
              resolve(
                checkReceived(resultSchema(contract, method), value, `the result of ${method}`, 'internal')
              )
            } catch (fault) {
              reject(fault)
            }
          },
          progress(value) {
            guarded(() =>
              onProgress?.(checkReceived(progressSchema, value, `the progress of ${method}`, 'internal'))
            )
          }
        })
        signal?.addEventListener('abort', cancel)
        try {
          transport.send({ kind: 'call', id, method, arguments: args } satisfies Request)
        } catch (cause) {
          fail(cannotBeSent('bad-argument', `The arguments of ${method}`, cause))
        }
      })
    },
    onEvent(name, listener) {
      const listeners = events.get(name) ?? createListeners<unknown>()
      events.set(name, listeners)
      const schema = payloadSchema(contract, name)
      return listeners.add((payload) =>
        guarded(() => listener(checkReceived(schema, payload, `the event ${name}`, 'internal')))
      )
    },
    close(reason) {
      end(reason)
      transport.close()
    }
  }
}
