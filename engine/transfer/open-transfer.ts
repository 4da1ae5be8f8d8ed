/**
 * From folders to matrices: opens the models of a transfer, looks the anchors up in each and prepares both
 * sides of the method. What was prepared last is kept, so that the next prompt, source or weight on the same
 * target does not factorise anew.
 */
import { createHash } from 'node:crypto'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { gatherRows, type Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import { type Centre, sameModelNotes } from '#engine/common/contract/transfer.ts'
import type { Provider } from '#engine/devices/session.ts'
import { collectGarbage } from '#engine/memory/collect-garbage.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { hashAnchors } from '#engine/models/anchors/anchor-text.ts'
import { requireAnchors } from '#engine/models/anchors/resolve-anchors.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { openTable } from '#engine/neighbours/open-table.ts'
import { encode, prepareSource, type SourceAnchors, type SourceSpace } from './relative-code.ts'
import { prepareTarget, type TargetSpace } from './target-space.ts'
import type { TransferTarget } from './transfer-input.ts'

/** What names the two sides of a transfer. */
export type TransferSides = {
  sources: readonly { model: ModelReference }[]
  target: ModelReference
  anchors: readonly Anchor[]
  centre: Centre
}

export type OpenTransfer = {
  /** In the order of the request. */
  sources: SourceAnchors[]
  target: TransferTarget
  /** Remarks on the anchors. */
  notes: string[]
  /** Remarks on these very sources together. */
  sameModels: string[]
}

/**
 * Bytes of the anchors that are kept of sources and of targets, and of codes; the last is kept where it alone takes more.
 * Codes are as many times smaller as the anchors are wider than a prompt is long, and what is asked again: another λ,
 * weight, mask or target reads no source's table.
 */
const mostBytes = { sources: 2 ** 26, targets: 2 ** 28, codes: 2 ** 24 }

const sourceSpaces = recentResults<SourceSpace>({
  most: 6,
  bytes: { most: mostBytes.sources, of: ({ anchors }) => anchors.data.byteLength },
  keptFor: 'transfers'
})
const sourceCodes = recentResults<Matrix>({
  most: 64,
  bytes: { most: mostBytes.codes, of: ({ data }) => data.byteLength },
  keptFor: 'transfers'
})
const targetSpaces = recentResults<TargetSpace>({
  most: 2,
  bytes: { most: mostBytes.targets, of: ({ anchors }) => anchors.data.byteLength },
  keptFor: 'transfers'
})
/** Looking thousands of words up takes longer than a transfer. */
const anchorIds = recentResults<Int32Array>({ most: 16 })

type Side = { model: OpenModel; ids: Int32Array }

/**
 * Opens a transfer. Anchors whose embedding is zero in any of the models are left out, with a note.
 * @throws AnchorageError for models that can't be opened and anchors that a model has no token for
 */
export async function openTransfer(
  { sources, target, anchors, centre }: TransferSides,
  device: Provider,
  signal: AbortSignal
): Promise<OpenTransfer> {
  const anchorsHash = hashAnchors(anchors)
  const openSide = async (reference: ModelReference): Promise<Side> => {
    const model = await openModel(reference, signal)
    const key = `${model.report.fingerprint.tokenizer} ${model.report.fingerprint.table} ${anchorsHash}`
    return {
      model,
      ids: anchorIds.get(key, () => requireAnchors(anchors, { ...model, name: model.report.name }))
    }
  }
  const targetSide = await openSide(target)
  const table = await openTable(targetSide.model, signal)
  const sourceSides: Side[] = []
  for (const { model } of sources) sourceSides.push(await openSide(model))
  const { kept, notes } = await keepAnchors([...sourceSides, targetSide], anchors, signal)
  const targetIds = kept(targetSide.ids)
  return {
    sources: sourceSides.map(({ model, ids }): SourceAnchors => {
      const [{ name }, own] = [model.report, kept(ids)]
      const key = spaceKey(model, own, device, centre)
      const prepare = (): Promise<SourceSpace> =>
        sourceSpaces.getLater(key, async () => {
          // The source before is as large as this one.
          sourceSpaces.makeRoom(key, own.length * model.report.width * Float32Array.BYTES_PER_ELEMENT)
          collectGarbage()
          return prepareSource(await model.readRows(own, signal), name, device, centre)
        })
      return {
        name,
        count: own.length,
        prepare,
        codes: (vectors) =>
          sourceCodes.getLater(`${key} ${hashVectors(vectors)}`, async () => encode(vectors, await prepare()))
      }
    }),
    target: {
      space: targetSpaces.get(spaceKey(targetSide.model, targetIds, device, centre), () =>
        prepareTarget(
          gatherRows(table.table, targetIds),
          `the anchors of ${targetSide.model.report.name}`,
          device,
          centre,
          Float64Array.from(targetIds, (id) => table.lengths[id])
        )
      ),
      table
    },
    notes,
    sameModels: sameModelNotes(
      sourceSides.map(({ model }) => namedTable(model)),
      namedTable(targetSide.model)
    )
  }
}

function hashVectors({ columns, data }: Matrix): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return `${columns} ${createHash('sha256').update(bytes).digest('hex')}`
}

function spaceKey({ report }: OpenModel, ids: Int32Array, device: Provider, centre: Centre): string {
  const list = createHash('sha256').update(new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength))
  return `${report.fingerprint.table} ${list.digest('hex')} ${device} ${centre} ${report.name}`
}

/** Which anchors have a direction in every model, as a function on lists of ids. */
async function keepAnchors(
  sides: readonly Side[],
  anchors: readonly Anchor[],
  signal: AbortSignal
): Promise<{ kept: (ids: Int32Array) => Int32Array; notes: string[] }> {
  const notes: string[] = []
  const out = new Set<number>()
  for (const { model, ids } of sides) {
    const rows = await model.zeroRows(signal)
    const zero = [...ids.keys()].filter((index) => rows.has(ids[index]))
    for (const index of zero) out.add(index)
    if (zero.length > 0)
      notes.push(
        `Left out: ${zero.map((index) => anchors[index].surface).join(', ')}, whose embedding in ${model.report.name} is zero.`
      )
  }
  if (out.size === anchors.length)
    throw new AnchorageError('bad-value', 'No anchor has an embedding that is not zero in every model.', {
      where: 'anchors',
      found: `${anchors.length} anchors, each zero in some model`,
      next: 'Check that the weights of the models were read from the right tensor.'
    })
  return { kept: (ids) => (out.size === 0 ? ids : ids.filter((_, index) => !out.has(index))), notes }
}

function namedTable({ report }: OpenModel): { name: string; table: string } {
  return { name: report.name, table: report.fingerprint.table }
}
