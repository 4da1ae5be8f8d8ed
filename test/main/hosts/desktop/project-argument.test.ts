import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { projectOfArguments } from '#main/hosts/desktop/project-argument.ts'

it.each<[readonly string[], string | null]>([
  [['/opt/Anchorage/anchorage', 'experiment.anchorage'], resolve('/home/ada/experiment.anchorage')],
  [['electron', '/work/anchorage', '/data/a b.anchorage'], resolve('/data/a b.anchorage')],
  [
    ['anchorage', '--allow-file-access', 'one.anchorage', 'two.anchorage'],
    resolve('/home/ada/two.anchorage')
  ],
  [['anchorage', 'file:///data/a%20b.anchorage'], resolve('/data/a b.anchorage')],
  // Of another machine: the answer says that it is not here.
  [['anchorage', 'file://server/a.anchorage'], resolve('/home/ada/file:/server/a.anchorage')],
  [['anchorage'], null],
  [['anchorage', 'notes.txt', '--project=experiment.anchorage'], null],
  // The program itself, however it is called.
  [['/opt/my.anchorage'], null]
])('%j names %j', (commandLine, expected) => {
  expect(projectOfArguments(commandLine, '/home/ada')).toBe(expected)
})
