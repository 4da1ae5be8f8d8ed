/** What nobody asks for is the same from every door: command line, experiment file and window. */
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { defaults } from '#engine/common/contract/defaults.ts'
import { transferMethodSchema } from '#engine/common/contract/methods.ts'
import { defaultRidge } from '#engine/common/contract/transfer.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import { experimentFileSchema } from '#main/experiments/spec/experiment-file.ts'
import { addBaselineCommand } from '#main/hosts/command-line/commands/baseline.ts'
import { addEvaluateCommand } from '#main/hosts/command-line/commands/evaluate.ts'
import { addTransferCommand } from '#main/hosts/command-line/commands/transfer.ts'
import { addTuneCommand } from '#main/hosts/command-line/commands/tune.ts'
import { methodOf } from '#main/hosts/command-line/method-options.ts'
import { transferKinds } from '#main/hosts/command-line/transfer-options.ts'
import { mixChoiceSchema } from '#renderer/mix/mix-choice.ts'
import { startingTuning } from '#renderer/prompts/tuning/tuning-order.ts'

/** The values that the options of a command have where none is given. */
function optionsOf(add: (command: Command) => void): Record<string, unknown> {
  const command = new Command()
  add(command)
  return command.opts()
}

const file = experimentFileSchema.parse({
  name: 'x',
  models: { a: 'a' },
  sources: ['a'],
  targets: ['a'],
  tasks: { t: { kind: 'relations', folder: 't' } },
  methods: Object.fromEntries(transferKinds.map((kind) => [kind, { kind }])),
  sections: [{ name: 's', methods: [...transferKinds] }]
})

describe('a default', () => {
  it('of mask, normalisation, seed and length is declared once', () => {
    const transfer = optionsOf(addTransferCommand)
    const mix = mixChoiceSchema.parse({})
    expect([transfer['mask'], file.settings.mask.kind, mix.mask]).toEqual(Array(3).fill(defaults.mask.kind))
    expect([file.settings.rescale, mix.rescale]).toEqual(Array(2).fill(defaults.rescale))
    const tune = optionsOf(addTuneCommand)
    expect([
      transfer['seeds'],
      file.seeds,
      [optionsOf(addBaselineCommand)['seed']],
      [optionsOf(addEvaluateCommand)['seed']],
      [tune['seed']],
      startingTuning.seeds.split(',').map(Number)
    ]).toEqual(Array(6).fill([defaults.seed]))
    expect([tune['vectors'], file.settings.length, startingTuning.vectors]).toEqual(
      Array(3).fill(defaults.length)
    )
  })

  it('of a method is that of an experiment file, whatever the options of other methods are', () => {
    const { rescale: _, ...options } = optionsOf(addTransferCommand)
    for (const kind of transferKinds)
      expect(methodOf(kind, options)).toEqual(transferMethodSchema.parse(file.methods[kind]))
    // λ goes by the centring, which experiment files leave out where they don't say it.
    expect(options['ridge']).toBeUndefined()
    expect(transferMethodSchema.parse({ kind: 'exact' })).toEqual({ kind: 'exact', ridge: defaultRidge })
  })

  it('of tuning is OptiPrompt’s recipe', () => {
    expect(optionsOf(addTuneCommand)).toMatchObject(tuningSettingsSchema.parse({}))
    expect(startingTuning.settings).toEqual(tuningSettingsSchema.parse({}))
  })
})
