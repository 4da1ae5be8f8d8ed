/** The devices that products and models may run on, and the trial of one in a process of its own. */
import { z } from 'zod'

export const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export type Provider = (typeof providers)[number]

/** The argument that turns the engine's program into one that tries devices for who started it. */
export const deviceTrialArgument = '--device-trial'

/** What such a process answers, and what the engine asks of a parent that starts processes for it. */
export const deviceTrialContract = {
  methods: {
    'device.try': {
      arguments: z.object({ device: z.enum(providers) }),
      result: z.object({ seconds: z.number(), largestDifference: z.number().nullable() })
    }
  },
  events: {}
} as const
