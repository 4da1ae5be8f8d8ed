/**
 * `npm run sample:train [-- NAME...] [--out FOLDER] [--threads N]`: trains the sample's models from their seeds and
 * writes the tasks. A model whose folder is complete is kept, so that an interrupted training goes on with the next;
 * several processes can train different models side by side.
 */

import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { exists } from '#engine/common/files/exists.ts'
import { sampleModels } from './training/sample-models.ts'
import { trainModel } from './training/train-model.ts'
import { readWorld } from './world/read-world.ts'
import { writeTasks } from './world/write-tasks.ts'

const stepsPerLine = 200
const taskSeed = 1

function print(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Prints the mean loss and the time left now and then. */
function progressLines(name: string) {
  const started = performance.now()
  let losses = 0
  return ({ step, steps, loss }: { step: number; steps: number; loss: number }): void => {
    losses += loss
    if (step % stepsPerLine !== 0 && step !== steps) return
    const left = (((performance.now() - started) / step) * (steps - step)) / 60_000
    print(
      `${name}: step ${step} of ${steps}, loss ${(losses / stepsPerLine).toFixed(3)}, ${left.toFixed(1)} min left`
    )
    losses = 0
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'assets/sample' }, threads: { type: 'string' } }
})
const out = resolve(values.out)
const threads = values.threads === undefined ? undefined : Number(values.threads)
const world = await readWorld(resolve('assets/sample/world'))
await writeTasks(world, join(out, 'tasks'), taskSeed)
for (const model of sampleModels) {
  const folder = join(out, 'models', model.name)
  const isComplete = await exists(join(folder, 'config.json'))
  if (positionals.length > 0 && !positionals.includes(model.name)) continue
  if (isComplete) print(`${model.name}: kept, ${folder} is complete`)
  else await trainModel(world, model, folder, threads, progressLines(model.name))
}
