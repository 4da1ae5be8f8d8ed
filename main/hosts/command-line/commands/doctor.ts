/** `anchorage doctor`: versions, devices and what is missing; of a model, what it can do and whether it answers as it must. */
import type { Command } from 'commander'
import type { ModelExamination } from '#engine/common/contract/examination.ts'
import { exitCodes } from '../exit-codes.ts'
import { modelFolder } from '../model-folder.ts'
import type { Output } from '../output.ts'
import { type CommandSession, runInSession } from '../session.ts'

async function examineMachine({ engine, signal, output, progress }: CommandSession): Promise<undefined> {
  const info = await engine.call('engine.info', {}, { signal })
  const devices = await engine.call('devices.measure', {}, { signal, onProgress: progress.show })
  progress.end()
  output.table(
    ['component', 'version'],
    Object.entries(info.versions).map(([name, version]) => [name, version])
  )
  output.line()
  output.table(
    ['device', 'usable', 'milliseconds', 'largest difference', 'auto', ''],
    devices.map((device) => [
      device.name,
      device.available && device.agrees,
      device.seconds === null ? null : Number((device.seconds * 1000).toPrecision(3)),
      device.largestDifference === null ? null : device.largestDifference.toExponential(1),
      device.chosen,
      device.note
    ])
  )
  output.result({ ...info, devices })
  return undefined
}

function ability({ can, note }: ModelExamination['query']): string {
  return `${can ? 'yes' : 'no'}: ${note}`
}

function selfCheckText(check: ModelExamination['selfCheck']): string | null {
  if (check === null) return null
  const { agrees, largestDifference, tolerance, words } = check
  const difference =
    largestDifference === null ? 'are no numbers' : `differ by ${largestDifference.toExponential(1)}`
  return `${agrees ? 'right' : 'WRONG'}: with the embeddings of ${words.join(', ')} as prompt the logits ${difference} from those of the words (tolerance ${tolerance})`
}

function printExamination(examination: ModelExamination, output: Output): void {
  const { report, timing } = examination
  const { architecture, family, table, tokenizer } = report
  output.pairs([
    ['model', report.name],
    [
      'family',
      architecture === undefined
        ? family
        : `${family} (${architecture}), ${report.kind ?? 'of no known kind'}`
    ],
    [
      'read',
      `${table.tensor} ${table.dtype} [${table.shape.join(', ')}] in ${table.file}; ${tokenizer.kind} in ${tokenizer.files.join(', ')}`
    ],
    ['transfer', 'yes: the embedding table is read'],
    ['query', ability(examination.query)],
    ['tune', ability(examination.tune)],
    [
      'time',
      timing === null
        ? null
        : `${timing.opening.toFixed(1)} s to open, ${(timing.query * 1000).toFixed(0)} ms for a query of ${timing.tokens} tokens`
    ],
    ['self-check', selfCheckText(examination.selfCheck)]
  ])
  for (const note of report.notes) output.line(`note: ${note}`)
}

export function addDoctorCommand(command: Command): void {
  command
    .argument('[model]', 'model folder, .gguf file, or a name in the Hugging Face cache')
    .option('--weights <file>', 'weights file inside the folder, where several could be meant')
    .addHelpText('after', '\nExamples:\n  $ anchorage doctor\n  $ anchorage doctor models/bert-base-cased')
    .action((model: string | undefined, options: { weights?: string }, command: Command) =>
      runInSession(command, async (session) => {
        if (model === undefined) return await examineMachine(session)
        const { engine, signal, output } = session
        const reference = { folder: modelFolder(model), ...options }
        const examination = await engine.call('models.examine', reference, { signal })
        printExamination(examination, output)
        output.result(examination)
        return examination.selfCheck?.agrees === false ? exitCodes.differs : undefined
      })
    )
}
