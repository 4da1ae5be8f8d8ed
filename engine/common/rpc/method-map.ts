/** What two sides of an RPC agree on, as schemas, and the types that follow from it. */
import type { z } from 'zod'

export type RpcContract = {
  readonly methods: Readonly<Record<string, { readonly arguments: z.ZodType; readonly result: z.ZodType }>>
  readonly events: Readonly<Record<string, z.ZodType>>
}

export type MethodOf<C extends RpcContract> = keyof C['methods'] & string
export type EventOf<C extends RpcContract> = keyof C['events'] & string

/** What a caller passes: fields with a default may be left out. */
export type ArgumentsOf<C extends RpcContract, M extends MethodOf<C>> = z.input<C['methods'][M]['arguments']>
/** What a handler gets: checked, defaults filled in. */
export type CheckedArgumentsOf<C extends RpcContract, M extends MethodOf<C>> = z.output<
  C['methods'][M]['arguments']
>
/** What a handler answers. */
export type AnswerOf<C extends RpcContract, M extends MethodOf<C>> = z.input<C['methods'][M]['result']>
/** What a caller gets: the answer, checked. */
export type ResultOf<C extends RpcContract, M extends MethodOf<C>> = z.output<C['methods'][M]['result']>
/** What goes with an event: as sent, and as received. */
export type PayloadOf<C extends RpcContract, E extends EventOf<C>> = z.input<C['events'][E]>
export type CheckedPayloadOf<C extends RpcContract, E extends EventOf<C>> = z.output<C['events'][E]>

export function isMethod<C extends RpcContract>(contract: C, name: string): name is MethodOf<C> {
  return Object.hasOwn(contract.methods, name)
}

export function isEvent<C extends RpcContract>(contract: C, name: string): name is EventOf<C> {
  return Object.hasOwn(contract.events, name)
}

/** `object[key]` with the type kept exact where the object's type is a parameter. */
function at<T, K extends keyof T>(object: T, key: K): T[K] {
  return object[key]
}

export function argumentsSchema<C extends RpcContract, M extends MethodOf<C>>(
  contract: C,
  method: M
): C['methods'][M]['arguments'] {
  return at(at(at(contract, 'methods'), method), 'arguments')
}

export function resultSchema<C extends RpcContract, M extends MethodOf<C>>(
  contract: C,
  method: M
): C['methods'][M]['result'] {
  return at(at(at(contract, 'methods'), method), 'result')
}

export function payloadSchema<C extends RpcContract, E extends EventOf<C>>(
  contract: C,
  name: E
): C['events'][E] {
  return at(at(contract, 'events'), name)
}
