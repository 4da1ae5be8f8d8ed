/** Why examples were left out, in a few words. */
import type { SkippedExamples } from '#engine/common/contract/evaluation.ts'

/** Counts with their reason, for example `12 label not one token, 3 too long`; `0` where none was left out. */
export function describeSkipped(skipped: SkippedExamples): string {
  const counts: [count: number, reason: string][] = [
    [skipped.labelNotOneToken, 'label not one token'],
    [skipped.labelNotCandidate, 'label no candidate'],
    [skipped.tooLong, 'too long'],
    [skipped.noEmbedding, 'token without embedding']
  ]
  const some = counts.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`)
  return some.length === 0 ? '0' : some.join(', ')
}
