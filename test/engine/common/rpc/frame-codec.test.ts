/** Messages as frames: what comes back is what was sent, and bytes that are no frame are refused. */
import { describe, expect, it } from 'vitest'
import { decodeFrame, encodeFrame } from '#engine/common/rpc/frame-codec.ts'

describe('frames', () => {
  it.each([
    ['plain data', { kind: 'call', id: 3, arguments: { path: 'ü', list: [1, null, 'a', true] } }],
    [
      'typed arrays of several kinds',
      { a: new Float32Array([1.5, -2]), b: [new Float64Array([Math.PI])], c: new Uint8Array(3) }
    ],
    ['numbers that JSON lacks', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]],
    ['an empty array of numbers', { data: new Int32Array(0) }],
    ['what needs a place of its own beside what needs none', { list: [{ a: 1 }, { b: [-0] }], c: { d: 'e' } }]
  ])('gives back %s', (_, message) => {
    expect(decodeFrame(encodeFrame(message))).toEqual(message)
  })

  it('reads a frame that lies anywhere in memory', () => {
    const frame = encodeFrame({ data: new Float64Array([1, 2]) })
    const moved = new Uint8Array(frame.length + 3)
    moved.set(frame, 3)
    expect(decodeFrame(moved.subarray(3))).toEqual({ data: new Float64Array([1, 2]) })
  })

  it('keeps a view a view: only its own numbers are sent', () => {
    const view = new Float32Array([1, 2, 3, 4]).subarray(1, 3)
    expect(decodeFrame(encodeFrame({ view }))).toEqual({ view: new Float32Array([2, 3]) })
  })

  it.each([
    ['a function', { run: () => 1 }],
    ['an instance of a class', { when: new Date(0) }],
    ['a typed array of a kind that is not used', { data: new BigInt64Array(1) }],
    ['a key of the framing', { $array: 0 }]
  ])('refuses to send %s', (_, message) => {
    expect(() => encodeFrame(message)).toThrow(TypeError)
  })

  const whole = encodeFrame({ data: new Float32Array([1, 2, 3]) })
  const withLength = (length: number): Uint8Array => {
    const frame = whole.slice()
    new DataView(frame.buffer).setUint32(0, length, true)
    return frame
  }
  it.each([
    ['nothing', new Uint8Array(0)],
    ['a frame that ends early', whole.subarray(0, whole.length - 8)],
    ['a text longer than the frame', withLength(0xffffffff)],
    ['a text cut short', withLength(9)]
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(expect.objectContaining({ code: 'internal' }))
  })
})
