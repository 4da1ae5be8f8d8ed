/** An experiment as a folder that travels: where its parts lie, and how groups and their outcomes are written. */
import { join } from 'node:path'
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { parseJson } from '#engine/common/files/json-text.ts'
import { readSmallFile } from '#engine/common/files/open-regular-file.ts'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import { type GroupOutcome, groupOutcomeSchema } from '#main/experiments/execute/groups/run-group.ts'
import { hashContent } from '#store/records/row.ts'

/** Paths inside such a folder. */
export const inFolder = {
  plan: 'plan.json',
  anchors: 'anchors.json',
  groups: 'groups.json',
  group: (id: string) => join('groups', `${id}.json`),
  outcome: (id: string) => join('results', `${id}.json`),
  attempts: (id: string) => join('logs', `${id}.attempts.jsonl`),
  /** Where Snakemake's plugin for Slurm keeps the logs of the rule that runs groups, by its wildcard. */
  slurmLogs: (id: string) => join('.snakemake', 'slurm_logs', 'rule_group', id)
} as const

/** The id of a group that travels: part of the names of files. */
const groupIdSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** A job, as the workflow plans it: a group with what it asks for. */
const jobSchema = z.object({
  id: groupIdSchema,
  kind: z.enum(['tuning', 'measuring']),
  label: z.string(),
  /** Groups that tune the prompts that this one transfers. */
  needs: z.array(groupIdSchema),
  threads: z.int().positive(),
  /** Mebibytes. */
  mem_mb: z.int().positive(),
  /** Minutes after which the scheduler may end it. */
  runtime: z.int().positive()
})
export type Job = z.infer<typeof jobSchema>
export const jobsSchema = z.array(jobSchema)

/** JSON has no typed arrays: their bytes travel as base64. */
function packNumbers(_key: string, value: unknown): unknown {
  if (!(value instanceof Float32Array || value instanceof Float64Array)) return value
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
  return value instanceof Float32Array ? { float32: bytes } : { float64: bytes }
}

const packedSchema = z.union([
  z.strictObject({ float32: z.base64() }),
  z.strictObject({ float64: z.base64() })
])

function unpackNumbers(_key: string, value: unknown): unknown {
  const packed = packedSchema.safeParse(value)
  if (!packed.success) return value
  if ('float32' in packed.data) {
    const bytes = new Uint8Array(Buffer.from(packed.data.float32, 'base64'))
    return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4))
  }
  const bytes = new Uint8Array(Buffer.from(packed.data.float64, 'base64'))
  return new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8))
}

function malformed(path: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('file-malformed', 'A file of the experiment folder is damaged.', {
    where: path,
    found,
    expected,
    next: 'Remove a damaged result and run the workflow again; export the experiment again where another file is damaged.'
  })
}

/** Bytes of a file; the largest plans and outcomes take some tens of megabytes. */
const largestFile = 2 ** 28

/** A JSON file of the folder, checked. @throws as `readSmallFile` and `parseJson`, `file-malformed` */
export async function readFolderFile<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  const text = (await readSmallFile(path, largestFile)).toString('utf8')
  const value = parseJson(text, path, 'A file of the experiment folder is damaged.')
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  throw malformed(path, describeIssues(checked.error), 'a document that `anchorage experiment export` wrote')
}

const outcomeFileSchema = z.object({
  format: z.literal('anchorage-experiment-outcome'),
  group: z.string(),
  /** Of the outcome as it stands in the file. */
  sha256: z.string(),
  outcome: z.unknown()
})

/** Writes what a group has computed, with its hash. */
export async function writeOutcome(path: string, group: string, outcome: GroupOutcome): Promise<void> {
  const packed: unknown = JSON.parse(JSON.stringify(outcome, packNumbers))
  await writeJsonFile(path, {
    format: 'anchorage-experiment-outcome',
    group,
    sha256: hashContent(packed),
    outcome: packed
  })
}

/**
 * What the group of that id has computed.
 * @throws `file-malformed` where the file was damaged, or is of another group
 */
export async function readOutcome(path: string, group: string): Promise<GroupOutcome> {
  const file = await readFolderFile(path, outcomeFileSchema)
  if (file.group !== group) throw malformed(path, `group ${file.group}`, `group ${group}`)
  const hash = hashContent(file.outcome)
  if (hash !== file.sha256)
    throw malformed(path, `SHA-256 ${hash}`, `SHA-256 ${file.sha256}, as it says itself`)
  const unpacked: unknown = JSON.parse(JSON.stringify(file.outcome), unpackNumbers)
  const checked = groupOutcomeSchema.safeParse(unpacked)
  if (checked.success) return checked.data
  throw malformed(path, describeIssues(checked.error), 'the outcome of a group')
}
