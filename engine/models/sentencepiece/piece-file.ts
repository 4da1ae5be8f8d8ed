/** Reads a SentencePiece model (`sentencepiece_model.proto`): its pieces, and how text is made ready for them. */
import protobuf from 'protobufjs'
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readBytes, withFile } from '#engine/files/read-range.ts'
import { parsingSeconds, withinSeconds } from '#engine/files/time-limit.ts'
import { type Piece, pieceTypes } from './piece-merges.ts'

const description = `
syntax = "proto2";
package sentencepiece;

message TrainerSpec {
  optional int32 model_type = 3 [default = 1];
}
message NormalizerSpec {
  optional bytes precompiled_charsmap = 2;
  optional bool add_dummy_prefix = 3 [default = true];
}
message ModelProto {
  message SentencePiece {
    optional string piece = 1;
    optional float score = 2;
    optional int32 type = 3 [default = 1];
  }
  repeated SentencePiece pieces = 1;
  optional TrainerSpec trainer_spec = 2;
  optional NormalizerSpec normalizer_spec = 3;
}
`

const messageType = protobuf
  .parse(description, { keepCase: false })
  .root.lookupType('sentencepiece.ModelProto')

/** What the decoded message must hold. */
const modelSchema = z.object({
  pieces: z
    .array(
      z.object({ piece: z.string(), score: z.number().default(0), type: z.int().default(pieceTypes.normal) })
    )
    .min(1),
  trainerSpec: z.object({ modelType: z.int().default(1) }).default({ modelType: 1 }),
  normalizerSpec: z
    .object({
      precompiledCharsmap: z.instanceof(Uint8Array).optional(),
      addDummyPrefix: z.boolean().default(true)
    })
    .default({ addDummyPrefix: true })
})

export type PieceFile = {
  readonly kind: 'Unigram' | 'BPE'
  readonly pieces: readonly Piece[]
  /** Whether a text begins as after a space. */
  readonly addsSpace: boolean
  /** The table of the normaliser in base 64; null where text stays as it is. */
  readonly charactersMap: string | null
}

/** Vocabularies of 262,144 pieces take some four million bytes; a piece of no text would take two. */
const [largestFile, mostPieces] = [2 ** 26, 2_000_000]

/** How many pieces a message says that it has, none of which is made for it. */
function countPieces(bytes: Uint8Array): number {
  const reader = protobuf.Reader.create(bytes)
  let count = 0
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag >>> 3 === 1) count++
    reader.skipType(tag & 7)
  }
  return count
}

function malformed(path: string, found: string, cause?: unknown): AnchorageError {
  return new AnchorageError(
    'file-malformed',
    'This is not a SentencePiece model.',
    {
      where: path,
      found,
      expected: 'a file that SentencePiece trained, of pieces by unigram or BPE',
      next: 'Fetch the file again.'
    },
    cause
  )
}

/** @throws `file-malformed` for anything else, `unsupported` for models of words or characters */
export async function readPieceFile(path: string): Promise<PieceFile> {
  const bytes = await withFile(path, async (file, size) => {
    if (size > largestFile) throw malformed(path, `a file of ${size.toLocaleString('en')} bytes`)
    return await readBytes(file, 0, size, path)
  })
  let decoded: unknown
  try {
    const count = withinSeconds(parsingSeconds, path, () => countPieces(bytes))
    if (count > mostPieces) throw malformed(path, `${count.toLocaleString('en')} pieces`)
    decoded = withinSeconds(parsingSeconds, path, () => messageType.toObject(messageType.decode(bytes)))
  } catch (cause) {
    if (cause instanceof AnchorageError) throw cause
    throw malformed(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
  const parsed = modelSchema.safeParse(decoded)
  if (!parsed.success) throw malformed(path, describeIssues(parsed.error))
  const { pieces, trainerSpec, normalizerSpec } = parsed.data
  const kind = ([undefined, 'Unigram', 'BPE'] as const)[trainerSpec.modelType]
  if (kind === undefined) {
    throw new AnchorageError('unsupported', 'This kind of SentencePiece model is not read.', {
      where: path,
      found: `the model type ${trainerSpec.modelType}`,
      expected: 'unigram or BPE',
      next: 'Use a model with one of these tokenizers.'
    })
  }
  const { precompiledCharsmap: map, addDummyPrefix } = normalizerSpec
  return {
    kind,
    pieces: pieces.map(({ piece, score, type }) => ({ text: piece, score, type })),
    addsSpace: addDummyPrefix,
    charactersMap: map === undefined || map.length === 0 ? null : Buffer.from(map).toString('base64')
  }
}
