/**
 * The configuration of electron-builder. A package is made for real around a program that stands in for Electron's, so
 * that what it holds is seen without that runtime; what was packed is then run by Node.
 */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Archive, extractArchive, readArchive } from '#test/support/asar.ts'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '..')
const builder = join(root, 'node_modules/electron-builder/cli.js')

/** Electron's program as far as a packager looks into it: the mark after which its fuses lie, all as Electron has them. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const standIn = Buffer.concat([Buffer.from(fuseMark), Buffer.from([1, 9]), Buffer.from('101101001')])

describe.skipIf(process.platform !== 'linux')('a package', () => {
  let folder: string
  let resources: string
  let archive: Archive

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'anchorage-package-'))
    const runtime = join(folder, 'electron')
    await writeFile(runtime, standIn)
    await chmod(runtime, 0o755)
    const packed = join(folder, 'packed')
    const options = [`-c.electronDist=${folder}`, `-c.directories.output=${packed}`]
    const env = { ...process.env, NO_UPDATE_NOTIFIER: '1' }
    await run(process.execPath, [builder, '--linux', 'dir', ...options], { cwd: root, env })
    const suffix = process.arch === 'x64' ? '' : `${process.arch}-`
    resources = join(packed, `linux-${suffix}unpacked`, 'resources')
    archive = await readArchive(join(resources, 'app.asar'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const paths = (): string[] => archive.files.map(({ path }) => path)

  it('runs as nothing but itself: the fuses of its program are off', async () => {
    const program = await readFile(join(resources, '..', 'anchorage'))
    const fuses = program.subarray(program.indexOf(fuseMark) + fuseMark.length + 2).toString('latin1')
    // Run as Node, encrypted cookies, NODE_OPTIONS, inspection, checked archive, only that archive, own V8 snapshot for
    // the main process, more rights for file: pages; the last, traps of WebAssembly, is left as it was.
    expect(fuses).toBe('000011001')
  })

  it('holds what is built, without maps and sources', () => {
    const built = ['desktop-host.js', 'preload.cjs', 'engine.js', 'renderer/index.html'].map(
      (name) => `out/${name}`
    )
    expect(paths()).toEqual(expect.arrayContaining(built))
    expect(paths().filter((path) => /[.](map|ts|tsx|test[.]js)$/.test(path))).toEqual([])
    const top = new Set(paths().map((path) => path.split('/')[0]))
    expect([...top].sort()).toEqual(['LICENSE', 'node_modules', 'out', 'package.json'])
  })

  it('holds every module that the built files import, and none of the page’s', async () => {
    const scripts = paths().filter((path) => /^out\/[^/]+[.]js$/.test(path))
    const imported = new Set<string>()
    for (const script of scripts)
      for (const [, name] of (await readFile(join(root, script), 'utf8')).matchAll(
        /(?:^import|^export)[^;'"]*["']([^."'][^"']*)["'];?$|import\(["']([^."'][^"']*)["']\)/gm
      ))
        if (name !== undefined) imported.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
    const installed = [...imported].filter(
      (name) => name !== 'electron' && !name.startsWith('node:') && !builtinModules.includes(name)
    )
    expect(installed.length).toBeGreaterThan(10)
    for (const name of installed) expect(paths()).toContain(`node_modules/${name}/package.json`)
    const others = ['@huggingface/transformers', 'onnxruntime-web', 'sharp']
    for (const name of ['react', 'plotly.js', '@mantine/core', 'electron', 'vite', ...others])
      expect(paths()).not.toContain(`node_modules/${name}/package.json`)
  })

  it('has native code of this system alone, where the system can load it', () => {
    const native = archive.files.filter(({ path }) => /[.](node|dll|dylib)$|[.]so([.]\d+)*$/.test(path))
    expect(native.every(({ unpacked }) => unpacked)).toBe(true)
    const runtime = `node_modules/onnxruntime-node/bin/napi-v6/linux/${process.arch}`
    const found = native.map(({ path }) => path)
    expect(found).toEqual(
      expect.arrayContaining([
        `${runtime}/libonnxruntime.so.1`,
        `${runtime}/onnxruntime_binding.node`,
        'node_modules/sqlite3/build/Release/node_sqlite3.node'
      ])
    )
    expect(found.filter((path) => /darwin|win32|[.]dll|[.]dylib/.test(path))).toEqual([])
    expect(found.filter((path) => path.includes('onnxruntime-node'))).toHaveLength(2)
  })

  it('runs: the engine opens a model of the sample, the store its project', async () => {
    const extracted = join(folder, 'extracted')
    await extractArchive(archive, extracted)
    const { main } = JSON.parse(await readFile(join(extracted, 'package.json'), 'utf8'))
    expect(main).toBe('out/desktop-host.js')
    const program = join(extracted, 'out', 'command-line.js')
    const sample = join(resources, 'assets', 'sample')
    const model = await run(process.execPath, [
      program,
      ...['models', 'inspect', join(sample, 'models', 'bert-small'), '--json']
    ])
    expect(JSON.parse(model.stdout)).toMatchObject({ family: 'bert' })
    const project = await run(process.execPath, [
      program,
      ...['project', 'info', join(sample, 'Sample.anchorage'), '--json']
    ])
    expect(JSON.parse(project.stdout)).toMatchObject({ models: expect.anything() })
  })
})
