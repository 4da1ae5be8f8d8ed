import { expect, test, vi } from 'vitest'
import { createLeasePool } from '#engine/language-model/lease-pool.ts'

function opener() {
  const log: string[] = []
  const open = (name: string) => () => {
    log.push(`open ${name}`)
    return Promise.resolve({
      name,
      release: () => {
        log.push(`close ${name}`)
        return Promise.resolve()
      }
    })
  }
  return { log, open, pool: createLeasePool<{ name: string; release: () => Promise<void> }>() }
}

test('opens once for leases that follow each other or overlap', async () => {
  const { log, open, pool } = opener()
  const owner = {}
  const first = await pool.lease(owner, 'cpu', open('a'))
  await first.release()
  const [second, third] = await Promise.all([
    pool.lease(owner, 'cpu', open('a')),
    pool.lease(owner, 'cpu', open('a'))
  ])
  expect(second.value).toBe(first.value)
  expect(third.value).toBe(first.value)
  expect(log).toEqual(['open a'])
})

test('closes what lies idle before another is opened, never what is in use', async () => {
  const { log, open, pool } = opener()
  const used = await pool.lease({}, 'cpu', open('used'))
  const idle = await pool.lease({}, 'cpu', open('idle'))
  await idle.release()
  await pool.lease({}, 'cpu', open('next'))
  expect(log).toEqual(['open used', 'open idle', 'close idle', 'open next'])
  await used.release()
  expect(log).not.toContain('close used')
})

test('keeps devices apart, and closes what nobody wants for a minute', async () => {
  vi.useFakeTimers()
  try {
    const { log, open, pool } = opener()
    const owner = {}
    const lease = await pool.lease(owner, 'cpu', open('cpu'))
    const other = await pool.lease(owner, 'webgpu', open('webgpu'))
    expect(other.value).not.toBe(lease.value)
    await lease.release()
    await vi.advanceTimersByTimeAsync(59_000)
    expect(log).toEqual(['open cpu', 'open webgpu'])
    await vi.advanceTimersByTimeAsync(2000)
    expect(log).toEqual(['open cpu', 'open webgpu', 'close cpu'])
  } finally {
    vi.useRealTimers()
  }
})

test('does not keep an opening that failed', async () => {
  const { open, pool } = opener()
  const owner = {}
  await expect(pool.lease(owner, 'cpu', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect((await pool.lease(owner, 'cpu', open('a'))).value.name).toBe('a')
})
