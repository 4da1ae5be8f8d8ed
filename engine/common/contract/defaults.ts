/** Settings where nobody asks for others: the same from every door, for command line, experiment file and window. */
import type { MaskSettings, Rescale } from './transfer.ts'

export const defaults = {
  /** The paper keeps 8,192 of 17,230 anchors per vector; on the sample a mask hurts (docs/sample.md). */
  mask: { kind: 'all' } satisfies MaskSettings,
  /** Top-k anchors where a mask keeps some, at most: the paper's (appendix A.1). */
  kept: 8192,
  /** Eq. 6; a baseline is not rescaled, since Eq. 6 is the method's own. */
  rescale: 'after' satisfies Rescale,
  /** Of tuning, random vectors, searches and seeded draws; several are counted from it. */
  seed: 1,
  /** `m`: vectors per prompt. */
  length: 5
} as const
