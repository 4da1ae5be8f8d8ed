/** A small contract for the tests of the RPC, and handlers that do what each test needs. */
import { z } from 'zod'
import { matrixSchema } from '#engine/common/contract/matrix.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'

export const testContract = {
  methods: {
    double: {
      arguments: z.object({ value: z.number().default(1) }),
      result: z.object({ value: z.number() })
    },
    negate: { arguments: matrixSchema, result: matrixSchema },
    count: { arguments: z.object({ to: z.int() }), result: z.object({ counted: z.int() }) },
    wait: { arguments: z.object({ name: z.string() }), result: z.object({}) },
    die: { arguments: z.object({}), result: z.object({}) },
    answer: { arguments: z.object({ with: z.enum(['function', 'wrong-form']) }), result: z.unknown() },
    agreed: { arguments: z.object({}), result: z.object({ value: z.number() }) }
  },
  events: { greeted: z.object({ name: z.string() }) }
} as const
export type TestContract = typeof testContract

/** Waits until the signal aborts and throws its reason. */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

export const testHandlers = {
  double: ({ value }) => ({ value: 2 * value }),
  negate: ({ rows, columns, data }) => ({ rows, columns, data: data.map((value) => -value) }),
  async count({ to }, { signal, progress }) {
    for (let done = 1; done <= to; done++) {
      signal.throwIfAborted()
      progress({ done, total: to, label: `step ${done}` })
      await new Promise(setImmediate)
    }
    return { counted: to }
  },
  wait: (_, { signal }) => untilAborted(signal),
  die: () => process.exit(7),
  answer: (args) => (args.with === 'function' ? { callback: () => 1 } : 'anything'),
  agreed: () => ({ value: 1 })
} satisfies Handlers<TestContract>
