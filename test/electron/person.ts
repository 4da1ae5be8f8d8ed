/** Who uses the application: Chromium's sandbox doesn't start for root, so root runs it as somebody else. */
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A person of this machine: a home, a folder for work, and the program that is started as this person. */
export type Person = { readonly home: string; readonly work: string; readonly program: string }

function idOf(which: '-u' | '-g', user: string): number {
  return Number(execFileSync('id', [which, user], { encoding: 'utf8' }))
}

/** A new person, who has never started the application and looks at this display. */
export function newPerson({ program, display }: { program: string; display: string }): Person {
  const home = mkdtempSync(join(tmpdir(), 'anchorage-electron-'))
  const work = join(home, 'work')
  mkdirSync(work)
  const user = process.getuid?.() === 0 ? (process.env['ANCHORAGE_USER'] ?? 'nobody') : null
  const [userId, groupId] = user === null ? [0, 0] : [idOf('-u', user), idOf('-g', user)]
  if (user !== null) for (const folder of [home, work]) chownSync(folder, userId, groupId)
  if (process.platform === 'win32') return { home, work, program }
  const drop = user === null ? '' : `setpriv --reuid=${userId} --regid=${groupId} --clear-groups -- `
  const wrapper = join(home, 'start.sh')
  const lines = [
    '#!/bin/sh',
    `export HOME='${home}' XDG_CONFIG_HOME='${home}/.config' DISPLAY='${display}'`,
    `cd '${home}'`,
    // The same process goes on as the program.
    `echo $$ > '${home}/process'`,
    `exec ${drop}'${program}' "$@"`
  ]
  writeFileSync(wrapper, `${lines.join('\n')}\n`)
  chmodSync(wrapper, 0o755)
  return { home, work, program: wrapper }
}

/** Kills the program that the person has started last. */
export function killProgram({ home }: Person): void {
  process.kill(Number(readFileSync(join(home, 'process'), 'utf8')), 'SIGKILL')
}
