/** Models on the command line: a folder, or the name of a model in the Hugging Face cache. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Environment, hubFolders } from '#main/catalogue/model-places.ts'

const modelName = /^[\w.-]+(\/[\w.-]+)?$/

/**
 * The folder of a model: the path itself where something is there, else the model of that name in the cache.
 * @throws AnchorageError `file-not-found` that says where was looked
 */
export function modelFolder(
  name: string,
  environment: Environment = process.env,
  home: string = homedir()
): string {
  const path = resolve(name)
  if (existsSync(path)) return path
  const hubs = modelName.test(name) ? hubFolders(environment, home) : []
  const cached = hubs
    .map((hub) => join(hub, `models--${name.replace('/', '--')}`))
    .find((folder) => existsSync(folder))
  if (cached !== undefined) return cached
  throw new AnchorageError('file-not-found', `There is no model ${name}.`, {
    where: path,
    found: hubs.length === 0 ? 'no such folder' : `no such folder, and no such name in ${hubs.join(', ')}`,
    expected: 'a model folder, or the name of a model in the Hugging Face cache',
    next: 'Check the path, or fetch the model, for example with `hf download`.'
  })
}
