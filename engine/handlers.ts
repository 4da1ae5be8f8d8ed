/** Every method of the engine and the function that does it: the one place where the rooms meet the RPC. */
import type { EngineContract } from './contract/engine-methods.ts'
import { AnchorageError } from './contract/errors.ts'
import { inspectPrompts } from './prompts/inspect-prompts.ts'
import { readPrompt, readPromptTree } from './prompts/read-prompt.ts'
import { writePrompt } from './prompts/write-prompt.ts'
import type { Handlers } from './rpc/serve.ts'
import type { Devices } from './runtime/devices.ts'
import { engineInfo } from './runtime/engine-info.ts'

function notYet(): never {
  throw new AnchorageError('unsupported', 'This part of the engine is not there yet.')
}

/** The table; `devices` says what `auto` stands for. */
export const createHandlers = (devices: Devices): Handlers<EngineContract> => ({
  'engine.info': engineInfo,
  'devices.measure': (_, { signal, progress }) => devices.measure(signal, progress),
  'models.inspect': notYet,
  'anchors.build': notYet,
  'anchors.read': notYet,
  'anchors.write': notYet,
  'prompts.inspect': ({ path }, { signal }) => inspectPrompts(path, signal),
  'prompts.read': (choice, { signal }) => readPrompt(choice, signal),
  'prompts.readTree': (tree, { signal }) => readPromptTree(tree, signal),
  'prompts.write': writePrompt,
  'transfer.run': notYet,
  'agree.run': notYet
})
