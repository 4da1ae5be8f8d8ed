/** What each family of models calls its word-embedding table in safetensors and torch files. */

/**
 * Endings of the table's name in order of preference, whatever prefixes come before them; a family that is
 * not named here is searched by all of them.
 */
const namesOfFamilies: readonly { readonly families: RegExp; readonly endings: readonly string[] }[] = [
  { families: /bert$|^modernbert/, endings: ['word_embeddings.weight', 'tok_embeddings.weight'] },
  {
    families: /^(albert|electra|mpnet|ernie|deberta|roformer|bloom|falcon|layoutlm)/,
    endings: ['word_embeddings.weight']
  },
  { families: /^(gpt2|gptj|gpt_neo$|gpt_bigcode|codegen|imagegpt|openai-gpt)/, endings: ['wte.weight'] },
  {
    families: /t5$|^(bart|mbart|marian|pegasus|longt5|m2m_100|blenderbot|switch)/,
    endings: ['shared.weight', 'encoder.embed_tokens.weight', 'decoder.embed_tokens.weight']
  },
  { families: /^gpt_neox/, endings: ['embed_in.weight'] },
  {
    families: /llama|qwen|gemma|mistral|mixtral|phi|^opt|olmo|granite|smollm/,
    endings: ['embed_tokens.weight']
  }
]

const allEndings = [
  'word_embeddings.weight',
  'wte.weight',
  'shared.weight',
  'embed_tokens.weight',
  'tok_embeddings.weight',
  'embed_in.weight',
  'word_embedding.weight',
  'token_embd.weight'
]

/** The endings to look for in a model of this family, the likeliest first. */
export function tableNameEndings(family: string): readonly string[] {
  const known = namesOfFamilies.find(({ families }) => families.test(family))?.endings ?? []
  return [...known, ...allEndings.filter((ending) => !known.includes(ending))]
}

/** Whether a tensor's name is an ending, alone or behind a prefix such as `bert.`. */
export function hasEnding(name: string, ending: string): boolean {
  return name === ending || name.endsWith(`.${ending}`)
}
