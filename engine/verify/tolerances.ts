/** How far a model's numbers may be from PyTorch's float32 ones, by the precision that they go through. */
import type { Precision } from '#engine/common/contract/verify.ts'

export type Quantity = 'table' | 'logits' | 'loss' | 'gradient'

/**
 * Logits and gradients relative to the largest expected value, tables of coarse numbers too; losses absolute, in nats.
 * Float32: what another order of sums explains. The others: what rounding the weights of a small model to these numbers
 * was measured to do, with room for about as much again.
 */
export const tolerances: Readonly<Record<Precision, Readonly<Record<Quantity, number>>>> = {
  float32: { table: 0, logits: 1e-4, loss: 1e-5, gradient: 1e-4 },
  half: { table: 1e-3, logits: 5e-3, loss: 5e-3, gradient: 1e-2 },
  '8-bit': { table: 1e-2, logits: 1e-1, loss: 1e-1, gradient: 1e-1 },
  '4-bit': { table: 1e-1, logits: 5e-1, loss: 1, gradient: 5e-1 }
}
