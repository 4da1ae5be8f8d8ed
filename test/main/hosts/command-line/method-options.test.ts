/** What a command refuses because the method that it was asked for has no such setting. */
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addBaselineCommand } from '#main/hosts/command-line/commands/baseline.ts'
import { addRetrievalCommand } from '#main/hosts/command-line/commands/retrieval.ts'
import { addTransferCommand } from '#main/hosts/command-line/commands/transfer.ts'
import { refuseOptionsOfOthers } from '#main/hosts/command-line/method-options.ts'
import { baselineKinds, transferKinds } from '#main/hosts/command-line/transfer-options.ts'

/** A value for every option that not every method has. */
const values = {
  ridge: '0.1',
  lambda: '0.1',
  atoms: '4',
  steps: '9',
  'learning-rate': '0.1',
  select: 'last',
  mask: 'all',
  k: '30',
  'mask-from': 'last',
  centre: 'mean'
}

/** Of the options of a command, those that it takes for a method. */
function taken(add: (command: Command) => void, kind: (typeof transferKinds)[number] | 'random'): string {
  const options = Object.entries(values).filter(([option, value]) => {
    const command = new Command()
    add(command)
    if (!command.options.some(({ long }) => long === `--${option}`)) return false
    command.parseOptions([`--${option}`, value])
    try {
      refuseOptionsOfOthers(kind, command)
      return true
    } catch (refused) {
      expect(refused).toMatchObject({
        code: 'bad-argument',
        message: `--${option} is a setting of other methods.`,
        detail: { found: `the method ${kind}` }
      })
      return false
    }
  })
  return options.map(([option]) => option).join(' ')
}

/** What each method takes, of all that the three commands have. */
const takes: Readonly<Record<(typeof transferKinds)[number] | 'random', string>> = {
  exact: 'ridge mask k mask-from centre',
  adam: 'steps learning-rate select mask k mask-from centre',
  'direct-copy': '',
  discretization: '',
  projector: 'learning-rate select centre',
  'least-squares': 'centre',
  ridge: 'lambda centre',
  procrustes: 'centre',
  'whitened-procrustes': 'centre',
  'inverse-relative': 'centre',
  'sparse-codes': 'atoms centre',
  random: ''
}

const without = (options: string, ...left: string[]): string =>
  options
    .split(' ')
    .filter((option) => !left.includes(option))
    .join(' ')

describe('settings of other methods are refused', () => {
  it.each(transferKinds)('by transfer: %s', (kind) => {
    expect(taken(addTransferCommand, kind)).toBe(takes[kind])
  })

  it.each([...baselineKinds, 'random'] as const)('by baseline: %s', (kind) => {
    expect(taken(addBaselineCommand, kind)).toBe(without(takes[kind], 'learning-rate'))
  })

  it.each([...transferKinds, 'random'] as const)('by retrieval: %s', (kind) => {
    expect(taken(addRetrievalCommand, kind)).toBe(without(takes[kind], 'learning-rate', 'select'))
  })

  it('and nothing is where nothing was given', () => {
    for (const kind of transferKinds) {
      const command = new Command()
      addTransferCommand(command)
      expect(() => refuseOptionsOfOthers(kind, command)).not.toThrow()
    }
  })

  it('with those that the command has for the method', () => {
    const command = new Command()
    addRetrievalCommand(command)
    command.parseOptions(['--lambda', '0.1'])
    expect(() => refuseOptionsOfOthers('adam', command)).toThrow(
      expect.objectContaining({
        detail: expect.objectContaining({ expected: '--steps, --mask, --k, --mask-from, --centre' })
      })
    )
    expect(() => refuseOptionsOfOthers('random', command)).toThrow(
      expect.objectContaining({ detail: expect.objectContaining({ expected: 'no setting' }) })
    )
  })
})
