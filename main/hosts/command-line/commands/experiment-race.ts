/** `anchorage experiment race`: the best of an experiment's sets of sources, for a part of the answers. */
import { type Command, Option } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type RacedSet, type RaceRecord, usualRace } from '#engine/common/contract/races.ts'
import { type SplitName, splitNames } from '#engine/common/contract/tasks.ts'
import { hasEqualWeights, zeroShotChoices } from '#engine/common/statistics/zero-shot-choices.ts'
import type { ExperimentPlan } from '#main/experiments/plan/experiment-plan.ts'
import { armsOfExperiment, targetsOf } from '#main/experiments/race/race-experiment.ts'
import { runRace } from '#main/experiments/race/run-race.ts'
import { inProject } from '../in-project.ts'
import { parseNonNegative, parseSeed, parseShare } from '../numbers.ts'
import type { Output } from '../output.ts'
import { planExperimentFile } from '../plan-experiment-file.ts'
import { type CommandSession, runInSession } from '../session.ts'

type RaceOptions = {
  readonly project: string
  readonly target?: readonly string[]
  readonly section?: string
  readonly split: SplitName
  readonly budget: number
  readonly sure?: boolean
  readonly tolerance: number
  readonly confidence: number
  readonly seed: number
}

function nameOf(set: RacedSet): string {
  const isEqual = hasEqualWeights(set)
  return set.sources.map(({ model, weight }) => (isEqual ? '' : `${weight} × `) + model.name).join(' + ')
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function resultOf({ accuracy, asked }: RacedSet): string {
  return `${percent(accuracy)}, estimated from ${asked} examples`
}

function printRace(race: RaceRecord, output: Output): void {
  const { sets, chosen, target, split, answers, all, known, examples, shortfall, confidence } = race
  const named = (place: number | null): string => {
    const set = sets[place ?? -1]
    return set === undefined ? 'no such set' : `${nameOf(set)}: ${resultOf(set)}`
  }
  const rules = zeroShotChoices(sets)
  const ended = (ending: RacedSet['ending']): number => sets.filter((set) => set.ending === ending).length
  output.line()
  output.pairs([
    ['target', target.name],
    ['chosen', named(chosen)],
    ['chosen by', `labels of the ${split} split: not zero-shot`],
    ['among', `${sets.length} sets; known to be worse ${ended('worse')}, dropped ${ended('dropped')}`],
    ['answers', `${answers} of ${all} (${percent(answers / all)}), ${known} of them known before`],
    [
      'at most below',
      `${(100 * shortfall).toFixed(1)} points over all ${examples} examples, ${percent(confidence)} confidence`
    ],
    ['zero-shot: all', named(rules.all)],
    ['zero-shot: agreement', named(rules.agreeing)]
  ])
}

/** The targets to race on: those that were asked for, else all. @throws `bad-argument` */
function chosenTargets(plan: ExperimentPlan, asked: readonly string[] | undefined): readonly string[] {
  const all = targetsOf(plan)
  const unknown = asked?.find((name) => !all.includes(name))
  if (unknown !== undefined)
    throw new AnchorageError('bad-argument', 'The experiment has no such target.', {
      where: '--target',
      found: unknown,
      expected: all.join(', ')
    })
  return asked ?? all
}

async function raceExperiment(
  file: string,
  { project: path, target, section, budget, sure = false, ...settings }: RaceOptions,
  session: CommandSession
): Promise<void> {
  const plan = await planExperimentFile(file, session, path)
  const raced = chosenTargets(plan, target).map((name) => armsOfExperiment(plan, name, section ?? null))
  const { split, tolerance, confidence, seed } = settings
  const order = { split, tolerance, confidence, seed, budget: sure ? null : budget }
  await inProject(path, session, async (project) => {
    const races: RaceRecord[] = []
    for (const arms of raced) {
      const control = { signal: session.signal, onProgress: session.progress.show }
      const { record: race, keep } = await runRace(project, arms, order, plan.anchors, control)
      await project.store.write(keep)
      session.progress.end()
      printRace(race, session.output)
      races.push(race)
    }
    session.output.line(`recorded in ${project.store.path}`)
    session.output.result({ races, project: project.store.path })
  })
}

export function addExperimentRace(experiment: Command): void {
  experiment
    .command('race')
    .description('find the best set of sources on each target for a part of the answers: not zero-shot')
    .argument('<file>', 'experiment file whose exact search has several sets of sources')
    .requiredOption('--project <file>', 'project that keeps what is found, and holds tuned prompts')
    .option('--target <name...>', 'only on these of its targets')
    .option('--section <name>', 'only the sets of this section')
    .addOption(
      new Option('--split <name>', 'whose labels choose').choices(splitNames).default(usualRace.split)
    )
    .option('--budget <share>', 'answers at most, of all', parseShare, usualRace.budget)
    .option('--sure', 'as many answers as it takes to be sure, whatever the budget')
    .option(
      '--tolerance <share>',
      'what is so far below the best is as good: 0.01 is a point',
      parseNonNegative,
      usualRace.tolerance
    )
    .option('--confidence <share>', 'of what is said of all sets together', parseShare, usualRace.confidence)
    .option('--seed <n>', 'order of the examples', parseSeed, usualRace.seed)
    .addHelpText(
      'after',
      `
Example:
  $ anchorage experiment race sources.experiment.yaml --project sources.anchorage --target gpt2`
    )
    .action((file: string, options: RaceOptions, command: Command) =>
      runInSession(command, async (session) => {
        await raceExperiment(file, options, session)
        return undefined
      })
    )
}
