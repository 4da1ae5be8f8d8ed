/** What this engine is: versions, and the execution providers that its onnxruntime brings. */
import { env as transformers } from '@huggingface/transformers'
import { listSupportedBackends, env as onnxruntime } from 'onnxruntime-node'
import type { z } from 'zod'
import type { engineInfoSchema } from '#engine/common/contract/engine-methods.ts'

export function engineInfo(): z.infer<typeof engineInfoSchema> {
  return {
    versions: {
      node: process.versions.node,
      onnxruntime: onnxruntime.versions.node ?? onnxruntime.versions.common,
      transformers: transformers.version
    },
    providers: listSupportedBackends().map(({ name, bundled }) => ({ name, bundled })),
    processId: process.pid
  }
}
