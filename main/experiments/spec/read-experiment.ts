/** Reads an experiment file, in a thread of its own: its text may have been made to keep whoever reads it busy. */
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readSmallFile } from '#engine/common/files/open-regular-file.ts'
import { createTurns } from '#main/turns.ts'
import { type CheckedExperiment, type Mistake, yamlDocument } from './check-experiment.ts'
import type { ExperimentFile } from './experiment-file.ts'
import { largestYaml } from './read-yaml.ts'

const help = '`anchorage experiment schema` prints every setting; docs/experiments.md shows them by example.'

/** The text of an experiment file. @throws as `readSmallFile` */
export async function readExperimentText(path: string): Promise<string> {
  return (await readSmallFile(path, largestYaml)).toString('utf8')
}

type Limits = { readonly seconds: number; readonly megabytes: number }

/** What a check may take: ten times what the worst text that is known takes. */
const usualLimits: Limits = { seconds: 30, megabytes: 1024 }

function tooMuch(found: string): AnchorageError {
  return new AnchorageError('unsupported', 'The experiment file can’t be checked.', {
    found,
    expected: 'a file that is read in a moment',
    next: 'Check that this is the file that was meant; it may be made to keep a program busy.'
  })
}

/** One text at a time: many at once would take as much memory many times. */
const inTurn = createTurns()

/**
 * What the text of an experiment file says, or what is wrong with it. The host's own thread goes on meanwhile.
 * @throws `unsupported` where the text takes more time or memory than any experiment does
 */
export async function checkExperimentText(text: string, limits = usualLimits): Promise<CheckedExperiment> {
  if (text.length > largestYaml) {
    const found = `${text.length} characters, which is more than ${largestYaml}`
    return { mistakes: [{ line: 1, column: 1, setting: '', found, expected: yamlDocument }] }
  }
  return await inTurn(async () => await checkInThread(text, limits))
}

function checkInThread(text: string, limits: Limits): Promise<CheckedExperiment> {
  const program = createRequire(import.meta.url).resolve('#out/check-experiment.js')
  return new Promise((resolve, reject) => {
    const thread = new Worker(program, {
      workerData: text,
      resourceLimits: { maxOldGenerationSizeMb: limits.megabytes }
    })
    const timer = setTimeout(() => {
      reject(tooMuch(`more than ${limits.seconds} s of work`))
      void thread.terminate()
    }, limits.seconds * 1000)
    thread.once('message', resolve)
    thread.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? tooMuch(`more than ${limits.megabytes} MB of memory`)
          : error
      )
    })
    thread.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`The thread that checks experiment files ended with ${code}, without an answer.`))
    })
  })
}

function refuse(path: string, [first, ...others]: readonly Mistake[]): never {
  const setting = first === undefined || first.setting === '' ? '' : ` (${first.setting})`
  const more = [...new Set(others.map(({ line }) => line))]
  const message =
    first?.expected === yamlDocument
      ? 'The experiment file is not YAML.'
      : 'The experiment file has a mistake.'
  throw new AnchorageError('file-malformed', message, {
    where: `${path}, line ${first?.line}, column ${first?.column}${setting}`,
    found: first?.found,
    expected: first?.expected,
    next: more.length === 0 ? help : `There are more mistakes in lines ${more.join(', ')}. ${help}`
  })
}

/** Reads an experiment file. @throws `file-not-found`, `file-malformed` with line and column, `unsupported` */
export async function readExperiment(path: string): Promise<ExperimentFile> {
  const checked = await checkExperimentText(await readExperimentText(path))
  return 'experiment' in checked ? checked.experiment : refuse(path, checked.mistakes)
}
