import { spawnSync } from 'node:child_process'

/**
 * Why no text can be loaded into a kernel here; `undefined` when one can, by root or in a user namespace. Under `CI=true` a reason is a failure, not a skip: a
 * proof that did not run is no proof.
 */
export function whyNoKernel(): string | undefined {
  const namespace = process.getuid?.() === 0 ? ['--net'] : ['--user', '--map-root-user', '--net']
  const tried = spawnSync('unshare', [...namespace, '/usr/sbin/nft', 'list', 'ruleset'])
  const why =
    tried.status === 0
      ? undefined
      : `no network namespace with nft: ${String(tried.error ?? tried.stderr).trim()}`
  if (why !== undefined && process.env['CI'] === 'true') throw new Error(why)
  return why
}

/** For the name of a suite that needs a kernel. */
export const skippedBecause = (why: string | undefined): string =>
  why === undefined ? '' : ` (skipped: ${why})`
