/** Experiment files to begin with, that ship with the project. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { AnchorageError, causedBy } from '#engine/common/contract/errors.ts'

const ending = '.yaml'

/** The first comment of a template tells editors where its schema is. */
const schemaLine = /^# yaml-language-server: .*\n/

/** The names of the templates in their folder, in order. */
export async function listTemplates(folder: string): Promise<string[]> {
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith(ending))
    .map((file) => basename(file, ending))
    .sort()
}

/**
 * Writes a new experiment file from a template, with the place of this installation's schema for editors.
 * @throws `not-found` for a name that no template has, `write-failed` where the file is there already
 */
export async function makeExperimentFile(folder: string, name: string, file: string): Promise<void> {
  const known = await listTemplates(folder)
  if (!known.includes(name)) {
    throw new AnchorageError('not-found', 'There is no such template.', {
      found: name,
      expected: known.join(', ')
    })
  }
  const text = await readFile(join(folder, `${name}${ending}`), 'utf8')
  const schema = `# yaml-language-server: $schema=${resolve(folder, 'experiment.schema.json')}\n`
  try {
    await writeFile(
      file,
      text.replace(schemaLine, () => schema),
      { flag: 'wx' }
    )
  } catch (cause) {
    throw causedBy(cause, 'write-failed', 'The experiment file could not be made.', {
      where: file,
      expected: 'the name of a file that is not there yet, in a folder that is'
    })
  }
}
