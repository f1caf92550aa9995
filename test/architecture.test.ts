import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The rooms in the order data flows: a package imports only from packages above it. */
const ROOMS = [
  'core',
  'guideline',
  'judge',
  'town',
  'network',
  'disarm',
  'evidence',
  'store',
  'passage',
  'gates',
  'assess',
  'watch',
  'report',
  'server',
  'cli',
  'web',
]
/** Floors of their own inside a room: they may import only themselves, `core` types and the runtime. */
const ALONE = ['packages/disarm/verify', 'packages/evidence/verify', 'packages/gates/mail/verify']
const ROOT = resolve(import.meta.dirname, '..')

interface Import {
  readonly file: string
  readonly target: string
  readonly typeOnly: boolean
}

const files = globSync('{packages,apps}/**/*.{ts,tsx,mjs}', { cwd: ROOT }).filter(
  (file) => !/(?:^|\/)(?:node_modules|dist)\//u.test(file),
)

function importsOf(file: string): readonly Import[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const found = source.matchAll(
    /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gmu,
  )
  return [...found].map(([, type, target, dynamic]) => ({
    file,
    target: target ?? dynamic!,
    typeOnly: type !== undefined,
  }))
}

const isTest = (file: string): boolean => /\.test\.tsx?$|\.test-support\.ts$|-support\//u.test(file)
const imports = files.flatMap(importsOf)
const roomOf = (file: string): string => file.split('/')[1]!

describe('the rooms', () => {
  it('every package stands in the list of rooms', () => {
    const named = [...new Set(files.map(roomOf))]
    expect(named.filter((room) => !ROOMS.includes(room))).toEqual([])
  })

  it('a package imports only from packages above it', () => {
    const wrong = imports
      .filter(({ target }) => target.startsWith('@sekisho/'))
      // The pages know the words of the API, never its code.
      .filter(({ target, typeOnly }) => !(target === '@sekisho/server/api' && typeOnly))
      .filter(
        ({ file, target }) => ROOMS.indexOf(target.split('/')[1]!) > ROOMS.indexOf(roomOf(file)),
      )
    expect(wrong).toEqual([])
  })

  it('a package is entered only through its door', () => {
    const deep = imports.filter(({ file, target }) => {
      if (!target.startsWith('.')) return false
      // A test may borrow the test support of another room, e.g. a real PostgreSQL.
      if (isTest(file) && target.endsWith('.test-support.ts')) return false
      const place = relative(ROOT, resolve(ROOT, dirname(file), target))
      return (
        place.startsWith('packages/') &&
        place.split('/').slice(0, 2).join('/') !== file.split('/').slice(0, 2).join('/')
      )
    })
    expect(deep).toEqual([])
  })

  it('imports only what its package.json declares', () => {
    const undeclared = imports
      .filter(
        ({ file, target }) =>
          !isTest(file) &&
          !target.startsWith('.') &&
          !target.startsWith('node:') &&
          !target.startsWith('virtual:'),
      )
      .filter(({ file, target }) => {
        const manifest = JSON.parse(
          readFileSync(join(ROOT, file.split('/').slice(0, 2).join('/'), 'package.json'), 'utf8'),
        )
        const name = target.startsWith('@')
          ? target.split('/').slice(0, 2).join('/')
          : target.split('/')[0]!
        return manifest.dependencies?.[name] === undefined && manifest.name !== name
      })
    expect(undeclared).toEqual([])
  })

  it.each(ALONE)('%s shares no code with what it checks', (floor) => {
    const shared = imports
      .filter(({ file }) => file.startsWith(`${floor}/`) && !isTest(file))
      .filter(({ file, target, typeOnly }) => {
        if (target.startsWith('node:')) return false
        if (target === '@sekisho/core') return !typeOnly
        return !relative(ROOT, resolve(ROOT, dirname(file), target)).startsWith(`${floor}/`)
      })
    expect(shared).toEqual([])
  })

  it('only the server opens sockets', () => {
    const network = /^node:(?:net|tls|http|https|http2|dgram|dns)$/u
    const wrong = imports.filter(
      ({ file, target }) => network.test(target) && file.startsWith('packages/') && !isTest(file),
    )
    expect(wrong).toEqual([])
  })

  it('the core has no dependency and touches nothing outside itself', () => {
    expect(
      imports.filter(
        ({ file, target }) =>
          file.startsWith('packages/core/') && !isTest(file) && !target.startsWith('.'),
      ),
    ).toEqual([])
  })

  it('every package says in its README what it is', () => {
    const silent = [...new Set(files.map((file) => file.split('/').slice(0, 2).join('/')))].filter(
      (folder) => !existsSync(join(ROOT, folder, 'README.md')),
    )
    expect(silent).toEqual([])
  })
})

describe('what ships', () => {
  it('every dependency has its line in docs/dependencies.md, with an allowed licence', () => {
    const page = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8')
    const manifests = ['package.json', ...globSync('{packages,apps}/*/package.json', { cwd: ROOT })]
    const names = manifests.flatMap((manifest) => {
      const {
        dependencies = {},
        devDependencies = {},
        optionalDependencies = {},
      } = JSON.parse(readFileSync(join(ROOT, manifest), 'utf8'))
      return Object.entries({
        ...dependencies,
        ...devDependencies,
        ...optionalDependencies,
      } as Record<string, string>)
    })
    const foreign = names.filter(([name]) => !name.startsWith('@sekisho/') && name !== 'sekisho')
    const lines = page.split('\n')
    const missing = foreign.filter(
      ([name]) =>
        !lines.some(
          (line) =>
            line.startsWith(`| ${name} |`) &&
            /\| (?:MIT|MIT-0|Apache-2\.0|BSD-[23]-Clause|ISC|MPL-2\.0) \|/u.test(line),
        ),
    )
    expect(missing.map(([name]) => name)).toEqual([])
    expect(foreign.filter(([, version]) => !/^\d+\.\d+\.\d+$/u.test(version))).toEqual([])
  })
})
