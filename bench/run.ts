/**
 * `npm run bench` measures everything in turn, `npm run bench -- NAME …` the named parts. Every part prints
 * ratios within its own run, so that the figures of different machines can be compared.
 */
import { benchEvaluationThroughput } from './evaluation-throughput.ts'
import { benchExactAgainstAdam } from './exact-against-adam.ts'
import { benchExperimentScale } from './experiment-scale.ts'
import { benchMixingWeight } from './mixing-weight.ts'
import { benchOpenModel } from './open-model.ts'
import { benchRelationSuite } from './relation-suite.ts'
import { benchTuningStep } from './tuning-step.ts'

const parts: Readonly<Record<string, (print: (line: string) => void) => Promise<void>>> = {
  'exact-against-adam': benchExactAgainstAdam,
  'relation-suite': benchRelationSuite,
  'mixing-weight': benchMixingWeight,
  'evaluation-throughput': benchEvaluationThroughput,
  'open-model': benchOpenModel,
  'experiment-scale': benchExperimentScale,
  'tuning-step': benchTuningStep
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  process.stderr.write(`no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}\n`)
  process.exitCode = 2
} else {
  for (const [name, measure] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    process.stdout.write(`\n${name}\n`)
    await measure((line) => process.stdout.write(`  ${line}\n`))
  }
}
