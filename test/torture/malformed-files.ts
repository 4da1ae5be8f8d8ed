/** Damaged files for every reader: each is read or refused with an error of ours, in time, in memory, without a death. */
import { type ChildProcess, fork } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { planNames } from './mutations.ts'
import { noteEnd, noteLoss, type Outcome, outcome, type Part } from './outcome.ts'
import { type Damage, type Reading, readingSchema } from './read-damaged.ts'
import { readers } from './readers.ts'

const longestMilliseconds = 60_000
const mostBytes = 3 * 2 ** 30
const readDamaged = fileURLToPath(new URL('read-damaged.ts', import.meta.url))

function start(): ChildProcess {
  return fork(readDamaged, [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc']
  })
}

/** What came of one file; a text where the process hung or died. */
function ask(child: ChildProcess, damage: Damage): Promise<Reading | string> {
  return new Promise((resolve) => {
    const end = (answer: Reading | string): void => {
      clearTimeout(timer)
      child.removeAllListeners('message').removeAllListeners('exit')
      resolve(answer)
    }
    const timer = setTimeout(() => end(`no answer in ${longestMilliseconds / 1000} s`), longestMilliseconds)
    child.once('exit', (code, signal) => end(`the process died: ${signal ?? code}`))
    child.once('message', (message) => end(readingSchema.parse(message)))
    child.send(damage)
  })
}

function note(result: Outcome, damage: Damage, answer: Reading | string): void {
  const again = `${basename(damage.file)}, ${damage.plan}, seed ${damage.seed}`
  if (typeof answer === 'string') noteLoss(result, `${again}: ${answer}`, longestMilliseconds)
  else if (!answer.isOrderly) noteLoss(result, `${again}: ${answer.end}`, answer.milliseconds)
  else if (answer.residentBytes > mostBytes)
    noteLoss(result, `${again}: ${answer.residentBytes} bytes of memory`, answer.milliseconds)
  else noteEnd(result, answer.end, answer.milliseconds)
}

/** Goes round the readers, their files and the plans until the time is over. */
export const tortureReaders: Part = async ({ seed, until }) => {
  const results = new Map(Object.keys(readers).map((name) => [name, outcome(`malformed files: ${name}`)]))
  let child = start()
  for (let round = 0; performance.now() < until; round++) {
    for (const [name, { files }] of Object.entries(readers)) {
      for (const plan of planNames) {
        if (performance.now() >= until) break
        const damage = {
          reader: name,
          file: files[(round + planNames.indexOf(plan)) % files.length],
          plan,
          seed: seed + round
        }
        const answer = await ask(child, damage)
        const result = results.get(name)
        if (result !== undefined) note(result, damage, answer)
        const isSpent = typeof answer === 'string' || answer.residentBytes > mostBytes
        if (isSpent) {
          child.kill('SIGKILL')
          child = start()
        }
      }
    }
  }
  child.kill('SIGKILL')
  return [...results.values()]
}
