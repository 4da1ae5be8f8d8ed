/**
 * A project as records. Whoever reads gets a reader on a connection that SQLite keeps from writing; writing
 * happens in one transaction at a time, through a writer that exists inside it alone.
 */
import type { ReadConnection, WriteConnection } from './file/connection.ts'
import { checkIntegrity } from './file/integrity.ts'
import type { Migration } from './file/migrate.ts'
import {
  createProjectFile,
  openProjectFile,
  openProjectFileToRead,
  type ProjectFile
} from './file/project-file.ts'
import { migrations } from './migrations/all.ts'
import {
  type AnchorSetReader,
  type AnchorSetWriter,
  readAnchorSets,
  writeAnchorSets
} from './records/anchor-sets.ts'
import {
  type ExperimentReader,
  type ExperimentWriter,
  readExperiments,
  writeExperiments
} from './records/experiments.ts'
import {
  type FileHashReader,
  type FileHashWriter,
  readFileHashes,
  writeFileHashes
} from './records/file-hashes.ts'
import { type JobReader, type JobWriter, readJobs, writeJobs } from './records/jobs.ts'
import { type ModelReader, type ModelWriter, readModels, writeModels } from './records/models.ts'
import { type NoteReader, type NoteWriter, readNotes, writeNotes } from './records/notes.ts'
import { type PromptReader, type PromptWriter, readPrompts, writePrompts } from './records/prompts.ts'
import { type RaceReader, type RaceWriter, readRaces, writeRaces } from './records/races.ts'
import { type RunReader, type RunWriter, readRuns, writeRuns } from './records/runs.ts'
import { putRowsBack, type TakenRows } from './records/taken-rows.ts'
import { readTasks, type TaskReader, type TaskWriter, writeTasks } from './records/tasks.ts'
import { readViews, type ViewReader, type ViewWriter, writeViews } from './records/views.ts'

export type ProjectReader = {
  models: ModelReader
  fileHashes: FileHashReader
  prompts: PromptReader
  anchorSets: AnchorSetReader
  jobs: JobReader
  runs: RunReader
  races: RaceReader
  notes: NoteReader
  tasks: TaskReader
  views: ViewReader
  experiments: ExperimentReader
}

/** Reads too, and sees what it has written. */
export type ProjectWriter = {
  models: ModelWriter
  fileHashes: FileHashWriter
  prompts: PromptWriter
  anchorSets: AnchorSetWriter
  jobs: JobWriter
  runs: RunWriter
  races: RaceWriter
  notes: NoteWriter
  tasks: TaskWriter
  views: ViewWriter
  experiments: ExperimentWriter
  /** Puts back what was taken out. */
  putBack(taken: TakenRows): Promise<void>
}

/** A project open for reading: beside a writer, or where the folder cannot be written to. */
export type ReadOnlyProjectStore = {
  path: string
  read: ProjectReader
  /** Reads the whole file beside other work. @throws `project-malformed` where it is damaged, `cancelled` */
  checkIntegrity(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export type ProjectStore = ReadOnlyProjectStore & {
  /** The backup made because the project was of an older version, or null. */
  backup: string | null
  /** Runs `body` in a transaction: everything is stored before it resolves, or, where it throws, nothing. */
  write<T>(body: (writer: ProjectWriter) => Promise<T>): Promise<T>
}

function reader(connection: ReadConnection): ProjectReader {
  return {
    models: readModels(connection),
    fileHashes: readFileHashes(connection),
    prompts: readPrompts(connection),
    anchorSets: readAnchorSets(connection),
    jobs: readJobs(connection),
    runs: readRuns(connection),
    races: readRaces(connection),
    notes: readNotes(connection),
    tasks: readTasks(connection),
    views: readViews(connection),
    experiments: readExperiments(connection)
  }
}

function writer(connection: WriteConnection): ProjectWriter {
  return {
    models: writeModels(connection),
    fileHashes: writeFileHashes(connection),
    prompts: writePrompts(connection),
    anchorSets: writeAnchorSets(connection),
    jobs: writeJobs(connection),
    runs: writeRuns(connection),
    races: writeRaces(connection),
    notes: writeNotes(connection),
    tasks: writeTasks(connection),
    views: writeViews(connection),
    experiments: writeExperiments(connection),
    putBack: (taken) => putRowsBack(connection, taken)
  }
}

function store(file: ProjectFile): ProjectStore {
  return {
    path: file.path,
    backup: file.backup,
    read: reader(file.reading),
    checkIntegrity: (signal) => checkIntegrity(file.path, signal),
    write: (body) => file.transact((connection) => body(writer(connection))),
    close: file.close
  }
}

/**
 * Makes a new project at `path`, which must end in `.anchorage`. Throws `bad-argument` where a file is there
 * already.
 */
export async function createStore(path: string): Promise<ProjectStore> {
  return store(await createProjectFile(path, migrations))
}

/**
 * Opens a project as its only writer, after a backup and migration where it is of an older version.
 * Throws `file-not-found`, `project-malformed`, `project-newer`, `project-locked` (naming the holder) or
 * `write-failed`; a project that is refused is left as it was.
 */
export async function openStore(
  path: string,
  known: readonly Migration[] = migrations
): Promise<ProjectStore> {
  return store(await openProjectFile(path, known))
}

/** Opens a project for reading, whoever writes it. */
export async function openStoreToRead(path: string): Promise<ReadOnlyProjectStore> {
  const file = await openProjectFileToRead(path, migrations)
  return {
    path: file.path,
    read: reader(file.reading),
    checkIntegrity: (signal) => checkIntegrity(file.path, signal),
    close: file.close
  }
}
