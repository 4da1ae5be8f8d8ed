/** How commands end: asked to, misused, without a place for their output. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { anchorage, commandLine, withoutProgress } from '#test/support/command-line.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const bert = referenceModelFolder('bert')

describe.skipIf(process.platform === 'win32')('a command that is asked to end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s ends in order, and its engine with it',
    async (signal) => {
      const out = join(await temporaryFolder(), 'sample')
      let engine = 0
      const { code, err } = await anchorage(['--verbose', 'sample', '--out', out], (child) => {
        child.stderr?.on('data', (data: Buffer) => {
          const started = /"processId":(\d+)/.exec(data.toString())
          if (started === null || engine !== 0) return
          engine = Number(started[1])
          setTimeout(() => child.kill(signal), 500)
        })
      })
      expect(engine).toBeGreaterThan(0)
      expect(code, err).toBe(130)
      expect(() => process.kill(engine, 0)).toThrow('ESRCH')
    }
  )
})

describe('a command that was not understood', () => {
  it.each([
    [['models', 'nope'], /unknown command/],
    [['models', 'inspect', bert, '--nope'], /unknown option/],
    [['models', 'inspect'], /missing required argument/],
    [['--nope'], /unknown option/],
    [[], /No command/]
  ])('says so as JSON where that was asked for: %s', async (given, message) => {
    const { code, out, err } = await anchorage(['--json', ...given])
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      error: { code: 'bad-argument', message: expect.stringMatching(message) }
    })
    expect(withoutProgress(err)).toBe('')
  })

  it('shows the options of a command, which is loaded for that', async () => {
    for (const words of [
      ['help', 'transfer'],
      ['transfer', '--help'],
      ['--json', 'transfer', '--help']
    ]) {
      const { code, out } = await anchorage(words)
      expect(code).toBe(0)
      expect(out).toContain('--target <model>')
    }
  })

  it('shows help as text all the same', async () => {
    const { code, out } = await anchorage(['--json', '--help'])
    expect(code).toBe(0)
    expect(out).toContain('Usage: anchorage')
  })
})

describe.skipIf(process.platform !== 'linux')('output without a place', () => {
  it('on a full disk is an error of three lines, not a stack', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [commandLine, '--json', 'models', 'inspect', bert], {
      stdio: ['ignore', full, 'pipe']
    })
    const errors = child.stderr
    assert(errors !== null)
    const [err, [code]] = await Promise.all([text(errors), once(child, 'close')])
    expect(code).toBe(1)
    expect(err).toContain('The output could not be written.')
    expect(err).not.toMatch(/ {4}at /)
  })

  it.each([
    ['transfer', '--source', bert, '--prompt', '/nowhere', '--target', bert],
    ['sample'],
    ['sample', '--copy-to']
  ])('below /proc ends with an error: %s %s', async (...given) => {
    const where = given.includes('--copy-to') ? ['/proc/nothing'] : ['--out', '/proc/nothing/deeper']
    if (given.includes('transfer')) where.push('--project', join(await temporaryFolder(), 'p.anchorage'))
    const started = performance.now()
    const { code } = await anchorage([...given, ...where])
    expect(code).toBe(1)
    expect(performance.now() - started).toBeLessThan(40_000)
  })
})
