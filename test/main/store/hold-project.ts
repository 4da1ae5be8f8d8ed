/** A process that opens a project, writes a note, says so, and keeps it open; or says why it can't. */
import { errorToData } from '#engine/common/contract/errors.ts'
import { openStore } from '#store/project-store.ts'

const [, , path = ''] = process.argv

async function hold(): Promise<string> {
  const store = await openStore(path)
  await store.write(({ notes }) => notes.add(null, 'written before the crash'))
  return 'open'
}

// Listening keeps the process alive.
process.on('message', () => {})
void hold()
  .catch((error: unknown) => errorToData(error).code)
  .then((outcome) => process.send?.(outcome))
