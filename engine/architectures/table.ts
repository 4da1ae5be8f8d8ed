/** Every family that a graph is written for, by `model_type`. */
import type { Architecture } from './architecture.ts'
import { albert } from './families/albert.ts'
import { bart, mbart } from './families/bart.ts'
import { bert } from './families/bert.ts'
import { bloom } from './families/bloom.ts'
import { debertaV2 } from './families/deberta-v2.ts'
import { distilbert } from './families/distilbert.ts'
import { electra } from './families/electra.ts'
import { gemma, gemma2, gemma3 } from './families/gemma.ts'
import { gptNeo } from './families/gpt-neo.ts'
import { gptNeox } from './families/gpt-neox.ts'
import { gpt2 } from './families/gpt2.ts'
import { llama, mistral, qwen2, qwen3, smollm3 } from './families/llama.ts'
import { modernbert } from './families/modernbert.ts'
import { mpnet } from './families/mpnet.ts'
import { olmo2 } from './families/olmo2.ts'
import { opt } from './families/opt.ts'
import { phi } from './families/phi.ts'
import { phi3 } from './families/phi3.ts'
import { roberta } from './families/roberta.ts'
import { mt5, t5 } from './families/t5.ts'

export const architectures: Readonly<Record<string, Architecture>> = {
  albert,
  bart,
  bert,
  bloom,
  camembert: roberta,
  'deberta-v2': debertaV2,
  distilbert,
  electra,
  gemma,
  gemma2,
  gemma3_text: gemma3,
  gpt2,
  gpt_neo: gptNeo,
  gpt_neox: gptNeox,
  llama,
  mbart,
  mistral,
  modernbert,
  mpnet,
  mt5,
  olmo2,
  opt,
  phi,
  phi3,
  qwen2,
  qwen3,
  roberta,
  smollm3,
  t5,
  'xlm-roberta': roberta
}
