/** Activation functions by the names that settings give them (`ACT2FN` of transformers). */
import { z } from 'zod'
import { geluOfErf, geluOfTanh, sigmoidGate } from '#engine/onnx/expansions/activations.ts'
import type { Emitter } from '#engine/onnx/gradients/emitter.ts'

type Activation = (emit: Emitter, x: string) => string

const relu: Activation = (emit, x) => emit.node('Relu', [x])
const silu: Activation = (emit, x) => sigmoidGate(emit, x, 1)

const activations = {
  gelu: geluOfErf,
  gelu_python: geluOfErf,
  gelu_new: geluOfTanh,
  gelu_fast: geluOfTanh,
  gelu_pytorch_tanh: geluOfTanh,
  gelu_accurate: geluOfTanh,
  quick_gelu: (emit, x) => sigmoidGate(emit, x, 1.702),
  relu,
  relu2: (emit, x) => {
    const rectified = relu(emit, x)
    return emit.node('Mul', [rectified, rectified])
  },
  silu,
  swish: silu,
  tanh: (emit, x) => emit.node('Tanh', [x]),
  sigmoid: (emit, x) => emit.node('Sigmoid', [x]),
  linear: (_, x) => x
} as const satisfies Record<string, Activation>

export type ActivationName = keyof typeof activations

const names = Object.keys(activations)

/** The setting of an activation function. */
export function activation(preset: ActivationName) {
  return z
    .custom<ActivationName>((value) => typeof value === 'string' && Object.hasOwn(activations, value), {
      error: names.join(', ')
    })
    .default(preset)
}

export function activate(emit: Emitter, name: ActivationName, x: string): string {
  return activations[name](emit, x)
}
