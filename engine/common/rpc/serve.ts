/**
 * The serving side of the RPC: checks arguments, runs handlers, sends progress, results and errors as data,
 * and aborts a handler when its call is cancelled or the connection ends.
 */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, errorToData } from '#engine/common/contract/errors.ts'
import { callIdOf, cannotBeSent, checkReceived, type Reply, type Request, requestSchema } from './messages.ts'
import {
  type AnswerOf,
  argumentsSchema,
  type CheckedArgumentsOf,
  type EventOf,
  isMethod,
  type MethodOf,
  type PayloadOf,
  type RpcContract
} from './method-map.ts'
import type { Transport } from './transport.ts'

export type CallContext = {
  /** Aborted when the caller cancels or is gone. */
  signal: AbortSignal
  /** Tells the caller how far the work is; without effect once the call has ended. */
  progress: (progress: Progress) => void
}

/** One function per method of the contract. */
export type Handlers<C extends RpcContract> = {
  [M in MethodOf<C>]: (
    args: CheckedArgumentsOf<C, M>,
    context: CallContext
  ) => AnswerOf<C, M> | Promise<AnswerOf<C, M>>
}

export type Server<C extends RpcContract> = {
  emit<E extends EventOf<C>>(name: E, payload: PayloadOf<C, E>): void
}

/**
 * Serves the methods of a contract over a transport until it closes. `onFault` hears of messages that are
 * so malformed that no call can be answered.
 */
export function serve<C extends RpcContract>(
  contract: C,
  transport: Transport,
  handlers: Handlers<C>,
  onFault: (error: unknown) => void
): Server<C> {
  const running = new Map<number, AbortController>()

  const send = (reply: Reply, what: string): void => {
    try {
      transport.send(reply)
    } catch (cause) {
      throw cannotBeSent('internal', what, cause)
    }
  }

  const answer = async <M extends MethodOf<C>>(
    method: M,
    args: unknown,
    context: CallContext
  ): Promise<AnswerOf<C, M>> => {
    const schema = argumentsSchema(contract, method)
    const checked = checkReceived(schema, args, `the arguments of ${method}`, 'bad-argument')
    return await handlers[method](checked, context)
  }

  const run = async (id: number, method: string, args: unknown): Promise<void> => {
    const controller = new AbortController()
    running.set(id, controller)
    const progress = (update: Progress): void => {
      if (running.has(id)) send({ kind: 'progress', id, progress: update }, `The progress of ${method}`)
    }
    try {
      if (!isMethod(contract, method)) throw unknownMethod(method, Object.keys(contract.methods))
      const value = await answer(method, args, { signal: controller.signal, progress })
      send({ kind: 'result', id, value }, `The result of ${method}`)
    } catch (error) {
      transport.send({ kind: 'error', id, error: errorToData(error) } satisfies Reply)
    } finally {
      running.delete(id)
    }
  }

  const receive = (request: Request): void => {
    if (request.kind === 'cancel') {
      running.get(request.id)?.abort(new AnchorageError('cancelled', 'The work was cancelled.'))
    } else if (running.has(request.id)) {
      onFault(new AnchorageError('internal', `Two calls came with the number ${request.id}.`))
    } else {
      void run(request.id, request.method, request.arguments)
    }
  }

  const stopReceiving = transport.onMessage((message) => {
    let request: Request
    try {
      request = checkReceived(requestSchema, message, 'a message of the other process', 'bad-argument')
    } catch (fault) {
      const id = callIdOf(message)
      if (id === undefined || running.has(id)) return onFault(fault)
      return transport.send({ kind: 'error', id, error: errorToData(fault) } satisfies Reply)
    }
    receive(request)
  })

  transport.onClose((reason) => {
    stopReceiving()
    const gone = new AnchorageError('cancelled', `The work was stopped: ${reason}.`)
    for (const controller of running.values()) controller.abort(gone)
  })

  return {
    emit: (name, payload) => send({ kind: 'event', name, payload }, `The event ${name}`)
  }
}

function unknownMethod(method: string, known: string[]): AnchorageError {
  return new AnchorageError('unsupported', `There is no method ${method}.`, {
    found: method,
    expected: known.join(', '),
    next: 'The two sides may be of different versions: install Anchorage anew.'
  })
}
