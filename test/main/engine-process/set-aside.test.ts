/** Which files are to blame for deaths of the engine: those that every one of them has in common. */
import { expect, it } from 'vitest'
import { createSetAside, filesOf } from '#main/engine-process/set-aside.ts'

const work = (method: string, ...files: string[]) => ({ method, files })

it('finds the files and folders that a call reads, wherever its arguments name them', () => {
  const found = filesOf({
    model: { folder: '/models/bert', weights: 'model.onnx' },
    task: { kind: 'relation', folder: '/tasks/P19', commonVocabulary: '/tasks/words.txt' },
    conditions: [{ kind: 'prompt', name: '/not a file', vectors: { data: new Float32Array(4) } }],
    path: 'relative',
    known: [{ path: '/models/another' }]
  })
  expect(found).toEqual(['/models/bert', '/tasks/P19', '/tasks/words.txt'])
})

it('sets aside what two deaths have in common, and lets pass what has only a part of it', () => {
  const aside = createSetAside()
  expect(aside.noteDeath([work('evaluation.run', '/m', '/t1')])).toBe(false)
  expect(aside.noteDeath([work('evaluation.run', '/m', '/t1')])).toBe(true)
  expect(aside.list()).toEqual([['/m', '/t1']])
  expect(() => aside.check(work('evaluation.run', '/m', '/t1'))).toThrow('One of these files')
  expect(() => aside.check(work('evaluation.run', '/m', '/t2'))).not.toThrow()
  // It is the model: what it was together with is free again.
  expect(aside.noteDeath([work('evaluation.run', '/m', '/t2')])).toBe(true)
  expect(aside.list()).toEqual([['/m']])
  expect(() => aside.check(work('tuning.run', '/m', '/t3'))).toThrow('This file ended the engine twice')
  expect(() => aside.check(work('evaluation.run', '/n', '/t1'))).not.toThrow()
  aside.forget()
  expect(() => aside.check(work('tuning.run', '/m'))).not.toThrow()
})

it('blames nothing for a death alone, nor what the same call worked on to its end since', () => {
  const aside = createSetAside()
  aside.noteDeath([work('evaluation.run', '/m')])
  aside.noteEnd(work('models.inspect', '/m'))
  aside.noteEnd(work('evaluation.run', '/m'))
  expect(aside.noteDeath([work('evaluation.run', '/m')])).toBe(false)
  expect(aside.noteDeath([work('evaluation.run', '/n'), work('engine.info')])).toBe(false)
  expect(aside.list()).toEqual([])
})
