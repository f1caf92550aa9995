/**
 * The bypass suite: more than a hundred ways past a proxy that allows few destinations, each beside a request that it must let through, against servers that count what reaches them.
 *
 *   node bench/proxy/bypass.ts --start sekisho|squid|tinyproxy   in network namespaces of its own
 *   node bench/proxy/bypass.ts --proxy HOST:PORT                 one that runs already: allow what corpus/cloud/bypass/world.json lists, give this machine its addresses,
 *                                                                and let the proxy ask the name server at 127.0.0.1:53
 *
 * What is sent to a host that the proxy reads inside (`upload.json`) needs a proxy that does: `--authority DIR` keeps what the server outside shows, and the proxy has to trust DIR/ca/cert.pem.
 * `--group tls` runs one file of the suite. Prints one JSON line for each probe and a last one with the sums.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readProbes, readWorld } from './bypass/cases.ts'
import { startOutside } from './bypass/outside.ts'
import { runProbe } from './bypass/run.ts'
import { startUnderTest } from './bypass/under-test.ts'

const { values } = parseArgs({
  options: {
    start: { type: 'string' },
    proxy: { type: 'string' },
    inside: { type: 'boolean' },
    group: { type: 'string' },
    authority: { type: 'string' },
  },
})
const name = values.start ?? values.proxy ?? ''
const world = readWorld()

if (values.start !== undefined && values.inside !== true) {
  const addresses = world.addresses.flatMap((one) => [
    `ip addr add ${one}/${one.includes(':') ? 128 : 32} dev lo nodad`,
  ])
  // The name server of the namespace is ours, also for programs that ask the system.
  const script = [
    'ip link set lo up',
    ...addresses.map((line) => (line.includes(':') ? line : line.replace(' nodad', ''))),
    'printf "nameserver 127.0.0.1\\noptions timeout:1 attempts:1\\n" > /tmp/sekisho-resolv.$$',
    'mount --bind /tmp/sekisho-resolv.$$ /etc/resolv.conf',
    'rm /tmp/sekisho-resolv.$$',
    'exec "$@"',
  ].join(' && ')
  const group = values.group === undefined ? [] : ['--group', values.group]
  const self = [process.execPath, import.meta.filename, '--start', name, '--inside', ...group]
  // Whoever is root needs no user namespace, and squid, which gives up rights, can live in none.
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const { status } = spawnSync(
    '/usr/bin/unshare',
    [...user, '--net', '--mount', '/bin/sh', '-c', script, 'sh', ...self],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  process.exit(status ?? 1)
}

const outside = await startOutside(world, 53, values.authority)
const under = values.start === undefined ? undefined : await startUnderTest(name, world, outside.ca)
const [host = '', port = ''] = (values.proxy ?? '').split(/:(?=\d+$)/u)
const proxy = under ?? { host, port: Number(port), stop: () => undefined }
const counts = { held: 0, reached: 0, 'no-control': 0 }
try {
  for (const probe of readProbes()) {
    if (values.group !== undefined && probe.group !== values.group) continue
    const result = await runProbe(probe, world, outside, proxy)
    counts[result.result] += 1
    process.stdout.write(`${JSON.stringify({ proxy: name, ...result })}\n`)
  }
  process.stdout.write(`${JSON.stringify({ proxy: name, ...counts })}\n`)
} finally {
  proxy.stop()
  if (values.authority === undefined)
    rmSync(resolve(outside.ca, '../..'), { recursive: true, force: true })
}
process.exit(0)
