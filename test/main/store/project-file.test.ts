/** Opening, refusing, locking, migrating and closing the project file. */
import { createHash } from 'node:crypto'
import {
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile
} from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openConnection } from '#store/file/connection.ts'
import { migrations } from '#store/migrations/all.ts'
import { createStore, openStore, openStoreToRead } from '#store/project-store.ts'
import { killAtOnce, nextMessage, runTypeScript } from '#test/support/run-typescript.ts'
import { samplePrompt, sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const holder = fileURLToPath(new URL('./hold-project.ts', import.meta.url))

async function closedProject(): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder()
  const path = join(folder, 'experiment.anchorage')
  const store = await createStore(path)
  await store.write(({ prompts }) => prompts.add(samplePrompt('P19', 4)))
  await store.close()
  return { folder, path }
}

async function hash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Runs SQL on a project beside our own code, as another version would. */
async function execute(path: string, sql: string): Promise<void> {
  const connection = await openConnection(path, 'read-write')
  await connection.execute(sql)
  await connection.close()
}

async function overwrite(path: string, position: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, position)
  await file.close()
}

describe('the project file', () => {
  it('is one file when closed, and holds what was written', async () => {
    const { folder, path } = await closedProject()
    expect(await readdir(folder)).toEqual(['experiment.anchorage'])
    const store = await openStore(path)
    await store.write(({ notes }) => notes.add(null, 'a note'))
    expect(await readdir(folder)).toContain('experiment.anchorage-wal')
    expect((await store.read.prompts.list()).map(({ name }) => name)).toEqual(['P19'])
    await store.close()
    expect(await readdir(folder)).toEqual(['experiment.anchorage'])
  })

  it('refuses references to what is not there', async () => {
    const { path } = await closedProject()
    const store = await openStore(path)
    const broken = store.write(({ runs }) => runs.put({ ...sampleRun('orphan'), promptId: 'no such prompt' }))
    await expect(broken).rejects.toThrow(/FOREIGN KEY/)
    await store.close()
  })

  it.each([
    [
      'a table that counts without end when it is looked at',
      `ALTER TABLE views RENAME TO v;
       CREATE VIEW views AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c`,
      'the view views'
    ],
    [
      'a program that runs when something is stored',
      'CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM runs; END',
      'the trigger t'
    ],
    ['a table of other code', 'CREATE VIRTUAL TABLE other USING fts5(text)', 'the table other']
  ])('is refused with %s', async (_, sql, found) => {
    const { path } = await closedProject()
    await execute(path, sql)
    const refused = { code: 'project-malformed', detail: { found } }
    await expect(openStore(path)).rejects.toMatchObject(refused)
    await expect(openStoreToRead(path)).rejects.toMatchObject(refused)
  })

  it('with a record that unpacks without end, or to none, is said to hold it', async () => {
    const { path } = await closedProject()
    const store = await openStore(path)
    const id = await store.write(({ runs }) => runs.put(sampleRun('one')))
    await store.close()
    const endless = gzipSync(Buffer.alloc(2 ** 28 + 1, ' '))
    for (const packed of [endless, Buffer.from('no gzip'), gzipSync('['), gzipSync('['.repeat(100_000))]) {
      await execute(path, `UPDATE runs SET scores = '{}', predictions = x'${packed.toString('hex')}'`)
      const reader = await openStoreToRead(path)
      await expect(reader.read.runs.predictions(id)).rejects.toMatchObject({ code: 'project-malformed' })
      await reader.close()
    }
    await execute(path, `UPDATE runs SET manifest = '${'['.repeat(100_000)}'`)
    const reader = await openStoreToRead(path)
    await expect(reader.read.runs.get(id)).rejects.toMatchObject({ code: 'project-malformed' })
    await reader.close()
  })

  it('is created once, with its ending, in a folder that exists', async () => {
    const { folder, path } = await closedProject()
    const before = await hash(path)
    await expect(createStore(path)).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(createStore(join(folder, 'experiment.db'))).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(createStore(join(folder, 'no', 'experiment.anchorage'))).rejects.toMatchObject({
      code: 'file-not-found'
    })
    expect(await hash(path)).toBe(before)
    expect(await readdir(folder)).toEqual(['experiment.anchorage'])
  })

  it('stores all of a transaction or nothing', async () => {
    const { path } = await closedProject()
    const store = await openStore(path)
    const failing = store.write(async ({ notes }) => {
      await notes.add(null, 'first')
      throw new Error('in the middle')
    })
    await expect(failing).rejects.toThrow('in the middle')
    await Promise.all(['a', 'b', 'c'].map((text) => store.write(({ notes }) => notes.add(null, text))))
    expect((await store.read.notes.list(null)).map(({ text }) => text).sort()).toEqual(['a', 'b', 'c'])
    await store.close()
  })
})

describe('a file that is no project', () => {
  it.each([
    [
      'something else',
      async (path: string) => writeFile(path, 'no database, but long enough '.repeat(20)),
      'project-malformed'
    ],
    ['an empty file', async (path: string) => writeFile(path, ''), 'project-malformed'],
    ['a folder', async (path: string) => mkdir(path), 'project-malformed'],
    ['nothing', async () => undefined, 'file-not-found']
  ])('%s is refused without a trace', async (_, make, code) => {
    const folder = await temporaryFolder()
    const path = join(folder, 'other.anchorage')
    await make(path)
    const before = await readdir(folder)
    await expect(openStore(path)).rejects.toMatchObject({ code, detail: { where: path } })
    await expect(openStoreToRead(path)).rejects.toMatchObject({ code })
    expect(await readdir(folder)).toEqual(before)
  })

  it('of another program is refused and left as it was', async () => {
    const { folder, path } = await closedProject()
    await execute(path, 'PRAGMA application_id = 7')
    const before = await hash(path)
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'project-malformed',
      detail: { found: expect.stringContaining('application id 7') }
    })
    expect(await hash(path)).toBe(before)
    expect(await readdir(folder)).toEqual(['experiment.anchorage'])
  })

  it('that was cut short is refused with both sizes', async () => {
    const { path } = await closedProject()
    await truncate(path, 8192)
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'project-malformed',
      detail: { found: '8192 bytes' }
    })
  })

  it('with a damaged schema is refused and can be tried again', async () => {
    const { folder, path } = await closedProject()
    await overwrite(path, 100, new Uint8Array(2000).fill(255))
    await expect(openStore(path)).rejects.toMatchObject({ code: 'project-malformed' })
    await expect(openStore(path)).rejects.toMatchObject({ code: 'project-malformed' })
    expect((await readdir(folder)).filter((name) => name.endsWith('.lock'))).toEqual([])
  })

  it('of a format that SQLite does not know is refused as one', async () => {
    const { path } = await closedProject()
    // The header's number of the schema format, which is 4.
    await overwrite(path, 44, Buffer.from([0, 0, 0, 9]))
    await expect(openStore(path)).rejects.toMatchObject({ code: 'project-malformed' })
  })

  it('with a row that makes no sense is said to hold it', async () => {
    const { path } = await closedProject()
    await execute(path, "UPDATE prompts SET warnings = '{'")
    const store = await openStore(path)
    const [summary] = await store.read.prompts.list()
    await expect(store.read.prompts.get(summary?.id ?? '')).rejects.toMatchObject({
      code: 'project-malformed',
      detail: { where: 'a prompt', found: expect.stringContaining('warnings') }
    })
    await store.close()
  })
})

describe('readers', () => {
  it('are refused a write by SQLite itself', async () => {
    const { path } = await closedProject()
    const connection = await openConnection(path, 'read-only')
    await expect(connection.execute('DELETE FROM prompts')).rejects.toMatchObject({ code: 'write-failed' })
    await connection.close()
  })

  it('see what a writer elsewhere committed, and leave it its lock', async () => {
    const { path } = await closedProject()
    const child = runTypeScript(holder, path)
    expect(await nextMessage(child)).toBe('open')
    const reader = await openStoreToRead(path)
    expect((await reader.read.notes.list(null)).map(({ text }) => text)).toEqual(['written before the crash'])
    await reader.close()
    await expect(openStore(path)).rejects.toMatchObject({ code: 'project-locked' })
  })
})

describe('a database of our id that is no project', () => {
  it('is refused as one, not as a fault of ours', async () => {
    const path = join(await temporaryFolder(), 'empty.anchorage')
    const connection = await openConnection(path, 'create')
    const version =
      migrations.length === 0 ? 0 : Math.max(...migrations.map((migration) => migration.version))
    await connection.execute(
      `PRAGMA application_id = ${0x414e4347}; PRAGMA user_version = ${version}; CREATE TABLE other (a)`
    )
    await connection.close()
    const refused = async (open: typeof openStore | typeof openStoreToRead): Promise<void> => {
      const store = await open(path)
      await store.read.models.list().finally(() => store.close())
    }
    await expect(refused(openStore)).rejects.toMatchObject({ code: 'project-malformed' })
    await expect(refused(openStoreToRead)).rejects.toMatchObject({ code: 'project-malformed' })
  })
})

describe('the one writer', () => {
  it('is one for a file of two names: a hard link is not written through', async () => {
    const { folder, path } = await closedProject()
    await link(path, join(folder, 'second.anchorage'))
    for (const name of ['experiment.anchorage', 'second.anchorage']) {
      await expect(openStore(join(folder, name))).rejects.toMatchObject({ code: 'project-locked' })
    }
    const reader = await openStoreToRead(path)
    await reader.close()
    await rm(join(folder, 'second.anchorage'))
    await (await openStore(path)).close()
  })

  it('in another process is named: process, host, since when; its crash locks nobody out', async () => {
    const { folder, path } = await closedProject()
    const other = join(folder, 'link.anchorage')
    await symlink(path, other)
    const child = runTypeScript(holder, path)
    expect(await nextMessage(child)).toBe('open')
    for (const name of [path, other]) {
      await expect(openStore(name)).rejects.toMatchObject({
        code: 'project-locked',
        message: expect.stringMatching(new RegExp(`process ${child.pid} on ${hostname()}, since \\d{4}-`))
      })
    }
    await killAtOnce(child)
    expect(await readdir(folder)).toContain('experiment.anchorage-wal')
    const store = await openStore(path)
    expect((await store.read.notes.list(null)).map(({ text }) => text)).toEqual(['written before the crash'])
    await store.write(({ notes }) => notes.add(null, 'after it'))
    await store.close()
    expect((await readdir(folder)).sort()).toEqual(['experiment.anchorage', 'link.anchorage'])
  })

  it('in this process is named as well, and stays the writer', async () => {
    const { path } = await closedProject()
    const store = await openStore(path)
    for (let i = 0; i < 2; i++) {
      await expect(openStore(path)).rejects.toMatchObject({
        code: 'project-locked',
        message: expect.stringContaining(`process ${process.pid} `)
      })
    }
    expect(await nextMessage(runTypeScript(holder, path))).toBe('project-locked')
    await store.close()
  })

  it('is one of many who ask at once', async () => {
    const { path } = await closedProject()
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => openStore(path)))
    const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(opened).toHaveLength(1)
    await opened[0]?.close()
    await (await openStore(path)).close()
  })
})

describe('versions', () => {
  const added = {
    version: migrations.length + 1,
    sql: "ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'"
  }

  it('a newer one is refused and never touched', async () => {
    const { folder, path } = await closedProject()
    await execute(path, 'PRAGMA user_version = 99')
    const before = await hash(path)
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'project-newer',
      detail: { found: expect.stringContaining('version 99') }
    })
    await expect(openStoreToRead(path)).rejects.toMatchObject({ code: 'project-newer' })
    expect(await hash(path)).toBe(before)
    expect(await readdir(folder)).toEqual(['experiment.anchorage'])
  })

  it('an older one is backed up by SQLite, then migrated with its rows', async () => {
    const { folder, path } = await closedProject()
    const old = await openStore(path)
    await old.write(({ notes }) => notes.add(null, 'from before'))
    await old.close()

    const store = await openStore(path, [...migrations, added])
    expect(store.backup).toMatch(/experiment\.before-version-\d+\..*\.anchorage$/)
    expect((await store.read.notes.list(null)).map(({ text }) => text)).toEqual(['from before'])
    await store.close()

    const migrated = await openConnection(path, 'read-only')
    expect(await migrated.get('PRAGMA user_version')).toEqual({ user_version: added.version })
    expect(await migrated.get('SELECT text, colour FROM notes')).toEqual({
      text: 'from before',
      colour: 'grey'
    })
    await migrated.close()

    const backup = await openStore(store.backup ?? '')
    expect(backup.backup).toBeNull()
    expect((await backup.read.prompts.list()).map(({ name }) => name)).toEqual(['P19'])
    await backup.close()
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('a migration that fails leaves the version before it, and its rows', async () => {
    const { path } = await closedProject()
    const failing = { version: added.version, sql: 'DROP TABLE notes; DROP TABLE no_such_table' }
    await expect(openStore(path, [...migrations, failing])).rejects.toMatchObject({
      detail: { found: expect.stringContaining('no_such_table') }
    })
    const store = await openStore(path)
    expect(await store.read.notes.list(null)).toEqual([])
    expect(store.backup).toBeNull()
    await store.close()
  })

  it('a migration that breaks references is taken back', async () => {
    const { path } = await closedProject()
    const breaking = {
      version: added.version,
      sql: "INSERT INTO notes VALUES ('n', 'no such run', 'text', 1, 1)"
    }
    await expect(openStore(path, [...migrations, breaking])).rejects.toMatchObject({ code: 'internal' })
    const store = await openStore(path)
    expect(await store.read.prompts.list()).toHaveLength(1)
    await store.close()
  })

  it('an older one is not migrated by a reader', async () => {
    const { folder, path } = await closedProject()
    const copy = join(folder, 'copy.anchorage')
    await copyFile(path, copy)
    await execute(copy, 'PRAGMA user_version = 0')
    await expect(openStoreToRead(copy)).rejects.toMatchObject({ code: 'unsupported' })
  })
})
