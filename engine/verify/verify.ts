/** Compares the engine with a folder of independent reference numbers (`npm run verify -- FOLDER`). */
import type { VerifyRow } from '#engine/common/contract/verify.ts'
import type { Provider } from '#engine/devices/session.ts'
import { openTransferReference } from './reference-folder.ts'
import { verifyModels } from './verify-models.ts'
import { verifyTransfer } from './verify-transfer.ts'

/**
 * @param folder laid out like `test/fixtures/reference`
 * @throws AnchorageError where the reference lacks what is to be compared: nothing is skipped
 */
export async function verify(
  folder: string,
  device: Provider = 'cpu',
  signal?: AbortSignal
): Promise<VerifyRow[]> {
  const transfer = await verifyTransfer(await openTransferReference(folder), device, signal)
  return [...transfer, ...(await verifyModels(folder, signal))]
}
