/** Learning-rate schedules. */

/**
 * Linear warm-up to the full rate over `warmupSteps`, then linear decay to zero at `totalSteps`
 * (`get_linear_schedule_with_warmup`, as OptiPrompt trains). A factor on the learning rate, 0 to 1.
 * @param step steps taken so far
 */
export function linearWarmupAndDecay(step: number, warmupSteps: number, totalSteps: number): number {
  if (step < warmupSteps) return step / warmupSteps
  return Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps))
}
