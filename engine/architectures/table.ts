/** Every family that a graph is written for, by `model_type`. */
import type { Architecture } from './architecture.ts'
import { albert } from './families/albert.ts'
import { bert } from './families/bert.ts'
import { distilbert } from './families/distilbert.ts'
import { electra } from './families/electra.ts'
import { gpt2 } from './families/gpt2.ts'
import { llama, mistral, qwen2, qwen3, smollm3 } from './families/llama.ts'
import { roberta } from './families/roberta.ts'

export const architectures: Readonly<Record<string, Architecture>> = {
  albert,
  bert,
  camembert: roberta,
  distilbert,
  electra,
  gpt2,
  llama,
  mistral,
  qwen2,
  qwen3,
  roberta,
  smollm3,
  'xlm-roberta': roberta
}
