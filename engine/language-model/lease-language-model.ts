/** Language models for calls that follow each other: a queue of relations opens its model once. */
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { Provider } from '#engine/devices/session.ts'
import { openModel } from '#engine/models/open-model.ts'
import type { LanguageModel } from './language-model.ts'
import { createLeasePool, type Lease } from './lease-pool.ts'
import { openLanguageModel } from './open-language-model.ts'

const pool = createLeasePool<LanguageModel>()

/** The language model of a folder on a device; give it back with `release`. */
export async function leaseLanguageModel(
  reference: ModelReference,
  device: Provider,
  signal?: AbortSignal
): Promise<Lease<LanguageModel>> {
  const model = await openModel(reference, signal)
  return await pool.lease(model, device, () => openLanguageModel(model, device))
}
