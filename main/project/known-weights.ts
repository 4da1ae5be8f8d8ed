/** Hashing for commands that have no project open: what one has hashed before is not read again. */
import { exists } from '#engine/common/files/exists.ts'
import { engineWeights, type HashWeights } from '#main/catalogue/model-weights.ts'
import { openStoreToRead } from '#store/project-store.ts'
import type { EngineCalls } from './context.ts'

/** Hashes with the engine and with what the project at `path` knows, which is left as it is. */
export async function weightsKnownIn(path: string | undefined, engine: EngineCalls): Promise<HashWeights> {
  if (path === undefined || !(await exists(path))) return engineWeights(engine)
  const store = await openStoreToRead(path)
  try {
    const known = await store.read.fileHashes.list()
    return engineWeights(engine, async () => known)
  } finally {
    await store.close()
  }
}
