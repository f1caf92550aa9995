import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { unfaithfulIn } from './faithful.ts'
import type { Unfaithful } from './faithful.ts'
import { listing as listingShape } from './json.ts'

/** Bytes of a listing: 5,000 flows are about 2 MiB. */
const MAX_LISTING = 256 * 1024 * 1024
const MAX_SECONDS = 60

/** What nft makes of a text. */
export type Loaded =
  | { readonly ok: true; readonly listing: unknown }
  /** `NET-NO-NFT`: the program is not here; `NET-REFUSED`: the kernel or nft does not take the text, and says why. */
  | { readonly ok: false; readonly reason: 'NET-NO-NFT' | 'NET-REFUSED'; readonly says: string }

/**
 * Loads a text into a network namespace of its own, asks the kernel for what it holds, and throws the namespace away: nothing of the machine changes, and no
 * right is needed but to make a user namespace. The clock of nft is set to UTC, which `readNftables` counts on.
 *
 * @param text may be hostile: the namespace has no network and the text comes by a pipe, but an `include` would read files of whoever runs this, so it is refused
 */
export async function loadNftables(text: string): Promise<Loaded> {
  const nft = nftProgram()
  if (nft === undefined) return { ok: false, reason: 'NET-NO-NFT', says: 'nftables' }
  if (readsFiles(text)) {
    return { ok: false, reason: 'NET-REFUSED', says: 'include' }
  }
  // Nobody who writes a text knows it, so that no comment in it can pretend to be another part.
  const cut = randomUUID()
  const { code, out, errors } = await run(
    '/usr/bin/unshare',
    [
      ...namespace(),
      '/bin/sh',
      '-c',
      `${nft} -f - && ${nft} -j list ruleset && echo ${cut} && ${nft} --debug=netlink list ruleset && echo ${cut} && { echo flush ruleset; ${nft} -s list ruleset; } | { ${nft} -c --debug=netlink -f - 2>&1 || :; }`,
    ],
    text,
  )
  if (code !== 0) return { ok: false, reason: 'NET-REFUSED', says: errors.slice(0, 2_000) }
  const [listing = '', kernel = '', again = ''] = out.split(cut)
  try {
    return { ok: true, listing: withUnfaithful(JSON.parse(listing), unfaithfulIn(kernel, again)) }
  } catch (cause) {
    return { ok: false, reason: 'NET-REFUSED', says: String(cause).slice(0, 200) }
  }
}

/** A listing with what it does not say as the kernel does it: readers find that in it, and a digest tells it apart. */
export function withUnfaithful(listing: unknown, found: readonly Unfaithful[]): unknown {
  const read = listingShape.parse(listing)
  if (found.length === 0) return listing
  return { nftables: [...read.nftables, ...found.map((one) => ({ unfaithful: one }))] }
}

/** Whether a text would have nft read other files. Also inside a comment: a text that only looks so is refused, not the other way round. */
export const readsFiles = (text: string): boolean => /\binclude\s*["']/u.test(text)

// Who is root needs no user namespace; inside one, the kernel takes texts of some thousand flows at most.
export const namespace = (): readonly string[] =>
  process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net']

export const nftProgram = (): string | undefined =>
  ['/usr/sbin/nft', '/usr/bin/nft'].find((path) => existsSync(path))

/** Runs a program with nothing of our environment, its times in UTC, its input by a pipe. */
export function run(
  program: string,
  args: readonly string[],
  input: string,
): Promise<{ readonly code: number; readonly out: string; readonly errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { TZ: 'UTC', LC_ALL: 'C' },
      cwd: '/',
      timeout: MAX_SECONDS * 1_000,
      killSignal: 'SIGKILL',
    })
    const out: Buffer[] = []
    const errors: Buffer[] = []
    let size = 0
    child.stdout.on('data', (bytes: Buffer) => {
      size += bytes.length
      if (size > MAX_LISTING) child.kill('SIGKILL')
      else out.push(bytes)
    })
    child.stderr.on('data', (bytes: Buffer) => {
      if (errors.length < 100) errors.push(bytes)
    })
    child.on('error', (error) => resolve({ code: 1, out: '', errors: error.message }))
    child.on('close', (code) =>
      resolve({
        code: code ?? 1,
        out: Buffer.concat(out).toString('utf8'),
        errors: Buffer.concat(errors).toString('utf8'),
      }),
    )
    // A nft that stopped reading says so by its code.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
