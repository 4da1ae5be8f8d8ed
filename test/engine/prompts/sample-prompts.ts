/** Prompts and fixture files that the tests of this folder share. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Prompt } from '#engine/common/contract/prompts.ts'

const folder = resolve(import.meta.dirname, '../../fixtures/prompts')

/** Path of a fixture, as its maker (NumPy, PyTorch, PEFT's layout) wrote it. */
export function fixture(...parts: string[]): string {
  return join(folder, ...parts)
}

const matrix = z.array(z.array(z.number()))

/** What the fixtures hold, by the numbers of their maker. */
export const expected = z
  .object({ values: matrix, halves: matrix, brain: matrix, shared: matrix, tasks: z.array(matrix) })
  .parse(JSON.parse(readFileSync(fixture('values.json'), 'utf8')))

/** The bits of float32 values: equality that tells -0 from 0. */
export function bits(values: Float32Array): number[] {
  return [...new Uint32Array(values.buffer, values.byteOffset, values.length)]
}

/** The bits of a matrix of numbers as float32. */
export function bitsOf(rows: number[][]): number[] {
  return bits(Float32Array.from(rows.flat()))
}

/** A prompt of the values in `values.json`, with everything known of it. */
export function samplePrompt(changes: Partial<Prompt> = {}): Prompt {
  return {
    name: 'born in',
    vectors: { rows: 3, columns: 4, data: Float32Array.from(expected.values.flat()) },
    model: { name: 'bert-base-cased', tableFingerprint: 'ab12' },
    task: 'LAMA',
    relation: 'P19',
    position: 'template',
    template: '[X] [V1] [V2] [V3] [MASK] .',
    origin: { kind: 'run', run: '1' },
    warnings: [],
    ...changes
  }
}

/** Random values over float32's whole range, one seed one list: every bit pattern of a finite number can occur. */
export function anyFiniteValues(count: number, seed: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count)
  const view = new Uint32Array(values.buffer)
  let state = seed
  for (let i = 0; i < count; i++) {
    do {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      view[i] = state
    } while (!Number.isFinite(values[i]))
  }
  return values
}
