/** What a person would use instead: the same step in PyTorch, where `npm run bench -- --python PATH` names a Python that has it. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

/** The value of an option among the words of the command line. */
function optionOf(name: string): string | undefined {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** Said where nothing was measured. */
export const notMeasured = 'PyTorch: not measured; name a Python that has torch with --python'

/** Seconds of a step of `bench/pytorch_steps.py`; null where no Python was named. */
export async function pytorchStep(what: 'search' | 'tuning'): Promise<number | null> {
  const python = optionOf('--python')
  if (python === undefined) return null
  const { stdout } = await promisify(execFile)(python, [
    resolve(import.meta.dirname, 'pytorch_steps.py'),
    what
  ])
  return z.coerce.number().positive().parse(stdout.trim())
}
