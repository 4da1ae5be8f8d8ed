/** What this engine is: versions, and the execution providers that its onnxruntime brings. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { listSupportedBackends, env as onnxruntime } from 'onnxruntime-node'
import { z } from 'zod'
import type { engineInfoSchema } from '#engine/common/contract/engine-methods.ts'

/** The version of the library that runs tokenizers, which says it in its `package.json` alone. */
function tokenizersVersion(): string {
  const module = createRequire(import.meta.url).resolve('@huggingface/tokenizers')
  const file = join(module, '../../package.json')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}

export function engineInfo(): z.infer<typeof engineInfoSchema> {
  return {
    versions: {
      node: process.versions.node,
      onnxruntime: onnxruntime.versions.node ?? onnxruntime.versions.common,
      tokenizers: tokenizersVersion()
    },
    providers: listSupportedBackends().map(({ name, bundled }) => ({ name, bundled })),
    processId: process.pid
  }
}
