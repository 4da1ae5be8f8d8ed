/** A process that opens a project, writes a note, says so, and keeps the project open. */
import { openStore } from '../../../main/store/project-store.ts'

const [, , path = ''] = process.argv
void openStore(path).then(async (store) => {
  await store.write(({ notes }) => notes.add(null, 'written before the crash'))
  process.send?.('open')
  // The channel keeps the process alive.
  process.on('message', () => {})
})
