/** Compares the engine with a folder of independent reference numbers (`npm run agree -- FOLDER`). */
import type { AgreementRow } from '../contract/engine-methods.ts'
import type { Provider } from '../runtime/session.ts'
import { agreeModels } from './agree-models.ts'
import { agreeTransfer } from './agree-transfer.ts'
import { openTransferReference } from './reference-folder.ts'

/**
 * @param folder laid out like `test/fixtures/reference`
 * @throws AnchorageError where the reference lacks what is to be compared: nothing is skipped
 */
export async function agree(
  folder: string,
  device: Provider = 'cpu',
  signal?: AbortSignal
): Promise<AgreementRow[]> {
  const transfer = await agreeTransfer(await openTransferReference(folder), device, signal)
  return [...transfer, ...(await agreeModels(folder, signal))]
}
