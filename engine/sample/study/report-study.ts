/** `npm run sample:report [-- FILE]`: the study's figures and the paper's claims as Markdown on standard output. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { checkClaims, variedAverages } from './claims.ts'
import { sourceSets, study, studyModels } from './study-plan.ts'
import { studyFileSchema } from './study-results.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const [path = 'assets/sample/study.json'] = positionals
const { anchors, results } = studyFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))

function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

function cell(target: string, method: string): string {
  const found = results.find((result) => result.target === target && result.method === method)
  if (found === undefined) return '–'
  const percent = (share: number): string => (100 * share).toFixed(1)
  return `${percent(found.accuracy)} (${percent(found.low)}–${percent(found.high)})`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  print(`| ${head.join(' | ')} |`)
  print(`| ${head.map(() => '---').join(' | ')} |`)
  for (const row of rows) print(`| ${row.join(' | ')} |`)
  print()
}

function methodRows(methods: readonly (readonly [label: string, method: string])[]): string[][] {
  return methods.map(([label, method]) => [label, ...studyModels.map((target) => cell(target, method))])
}

print(
  `Accuracy in % (95 % interval over facts) on held-out facts, ${study.seeds.length} seeds, ${anchors} anchors; columns are targets.`
)
print()
table(
  ['', ...studyModels],
  methodRows([
    ['random', 'random'],
    ['manual', 'manual'],
    ['direct tuning', 'direct tuning'],
    ...studyModels.map((source): [string, string] => [`from ${source}`, `${source} | usual`]),
    ...sourceSets.map((set): [string, string] => [`from ${set.join(' + ')}`, `${set.join(' + ')} | usual`])
  ])
)
print('Without rescaling:')
print()
table(
  ['', ...studyModels],
  methodRows(studyModels.map((source): [string, string] => [`from ${source}`, `${source} | no rescale`]))
)
print(
  `One setting varied on the first ${study.variedRelations} relations with one seed (Adam on ${study.adamRelations}), mean over the two small sources and all other targets; \`anchors all\`, \`ridge ${study.ridge}\` and \`length ${study.promptLength}\` are the usual settings. Compare within equal numbers of facts:`
)
print()
table(
  ['setting', 'accuracy in %', 'facts'],
  variedAverages(results).map(({ variant, accuracy, facts }) => [
    variant,
    (100 * accuracy).toFixed(1),
    `${facts}`
  ])
)
print("The paper's claims:")
print()
table(
  ['claim', 'holds', 'figures'],
  checkClaims(results).map(({ claim, holds, figures }) => [claim, holds ? 'yes' : 'no', figures])
)
