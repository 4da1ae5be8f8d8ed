/** Paths that a page names: none leads out, to what is hidden, to another kind of file, or over what is there. */
import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type FileRoots, openFileRoots } from '#main/hosts/page/file-roots.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** A home with documents, hidden settings, a cache of models, and a neighbour that is none of ours. */
async function openHome(): Promise<{ home: string; roots: FileRoots }> {
  const above = await temporaryFolder()
  const home = join(above, 'home')
  for (const folder of [
    '.ssh',
    'work/sub',
    '.cache/huggingface/hub/models--a--b/snapshots/1',
    '.cache/other'
  ]) {
    await mkdir(join(home, folder), { recursive: true })
  }
  await mkdir(join(above, 'neighbour'))
  for (const file of [
    '.ssh/id',
    '.bashrc',
    'work/plan.yaml',
    'work/report.odt',
    'work/old.zip',
    '.hidden.yaml'
  ]) {
    await writeFile(join(home, file), 'secret')
  }
  await symlink(join(home, '.bashrc'), join(home, 'work/link.yaml'))
  await symlink(join(above, 'neighbour'), join(home, 'work/out'))
  await symlink(join(home, 'work/report.odt'), join(home, 'work/new.zip'))
  return { home, roots: await openFileRoots([home]) }
}

const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'given',
    (error: { code?: string }) => error.code ?? String(error)
  )

it.each([
  ['.ssh/id', 'file-unsafe'],
  ['.bashrc', 'file-unsafe'],
  ['.hidden.yaml', 'file-unsafe'],
  ['.cache/other', 'file-unsafe'],
  ['work/out', 'file-unsafe'],
  ['work/../.ssh', 'file-unsafe'],
  ['../neighbour', 'file-unsafe'],
  ['work/nothing', 'file-not-found'],
  ['work/pl\0an.yaml', 'file-not-found'],
  ['work/plan.yaml', 'given'],
  ['.cache/huggingface/hub/models--a--b/snapshots/1', 'given']
])('%s is %s', async (path, code) => {
  const { home, roots } = await openHome()
  expect(await codeOf(roots.contain(join(home, path)))).toBe(code)
})

it.each([
  ['work/plan.yaml', 'given'],
  ['work/report.odt', 'file-unsafe'],
  ['work/link.yaml', 'file-unsafe'],
  ['work', 'file-unsafe']
])('as a file of its kind, %s is %s', async (path, code) => {
  const { home, roots } = await openHome()
  expect(await codeOf(roots.containFile(join(home, path), ['.yaml']))).toBe(code)
})

it.skipIf(process.platform === 'win32')('a pipe is no file', async () => {
  const { home, roots } = await openHome()
  execFileSync('mkfifo', [join(home, 'work/pipe.yaml')])
  expect(await codeOf(roots.containFile(join(home, 'work/pipe.yaml'), ['.yaml']))).toBe('file-unreadable')
})

it.each([
  ['work/fresh.zip', 'given'],
  ['work/sub/../fresh.zip', 'given'],
  ['work/old.zip', 'write-failed'],
  ['work/new.zip', 'write-failed'],
  ['work/report.odt', 'file-unsafe'],
  ['work/.zip', 'file-unsafe'],
  ['work/.hidden.zip', 'file-unsafe'],
  ['.ssh/fresh.zip', 'file-unsafe'],
  ['work/out/fresh.zip', 'file-unsafe'],
  ['work/sub/x/..', 'file-unsafe'],
  ['work/sub/x/../..', 'file-unsafe'],
  ['work/sub/..', 'file-unsafe'],
  ['../fresh.zip', 'file-unsafe'],
  ['work/nothing/fresh.zip', 'file-not-found']
])('as the place of a new archive, %s is %s', async (path, code) => {
  const { home, roots } = await openHome()
  // Not by join: it would take the `..` out.
  expect(await codeOf(roots.containNew(`${home}/${path}`, '.zip'))).toBe(code)
})

it('what is given is the real path, without links and `..`', async () => {
  const { home, roots } = await openHome()
  await symlink(join(home, 'work'), join(home, 'way'))
  expect(await roots.containNew(`${home}/way/sub/../fresh.zip`, '.zip')).toBe(join(home, 'work/fresh.zip'))
  expect(await roots.containFile(`${home}/way/plan.yaml`, ['.yaml'])).toBe(join(home, 'work/plan.yaml'))
})

it('a root that is hidden itself shows what is in it', async () => {
  const { home } = await openHome()
  const roots = await openFileRoots([join(home, '.ssh')])
  expect(await roots.contain(join(home, '.ssh/id'))).toBe(join(home, '.ssh/id'))
})
