/** Where programs keep the models that they fetched for a person. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export type Environment = Readonly<Record<string, string | undefined>>

/** The folders that the Hugging Face libraries keep models in, the one that was named first. */
export function hubFolders(environment: Environment, home: string): string[] {
  const { HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment
  return [
    HF_HUB_CACHE,
    HUGGINGFACE_HUB_CACHE,
    HF_HOME && join(HF_HOME, 'hub'),
    join(XDG_CACHE_HOME || join(home, '.cache'), 'huggingface', 'hub')
  ].flatMap((folder) => (folder ? [folder] : []))
}

/** The caches of the Hugging Face libraries and the folders of LM Studio, of today and of before; there or not. */
export function modelPlaces(environment: Environment = process.env, home: string = homedir()): string[] {
  return [
    ...hubFolders(environment, home),
    join(home, '.lmstudio', 'models'),
    join(home, '.cache', 'lm-studio', 'models')
  ]
}
