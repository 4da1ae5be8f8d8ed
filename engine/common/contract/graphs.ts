/** What the engine says of a model's graph. */
import { z } from 'zod'

export const graphReportSchema = z.object({
  /** Path of the ONNX file, or of the weights that the graph is written from. */
  file: z.string(),
  /** Version of ONNX's operator set. */
  operatorSet: z.int(),
  /** The embedding graft: table, input of token ids, first virtual token `V`, width `e`. */
  graft: z.object({ table: z.string(), idsInput: z.string(), firstVirtualToken: z.int(), width: z.int() }),
  /** Where logits are taken, and whether only positions that are asked for go through the vocabulary-sized product. */
  answers: z.object({ isRestricted: z.boolean(), note: z.string() }),
  /** Operators between prompt and logits, with their number; a gradient must pass them. */
  operators: z.record(z.string(), z.int()),
  /** Nodes that a gradient cannot pass: while there are any, prompts can be used but not tuned. */
  obstacles: z.array(
    z.object({ node: z.string(), operator: z.string(), reason: z.string(), next: z.string() })
  )
})
export type GraphReport = z.infer<typeof graphReportSchema>
