/** A town made up from a seed: the same seed gives the same town. */
export function madeUpTown(seed: number): string {
  const next = numbers(seed)
  const below = (most: number): number => next() % most
  const pick = <One>(from: readonly One[]): One => from[below(from.length)]!
  const zones = [
    { id: 'mynumber', kind: 'mynumber', at: 1 + below(60) },
    { id: 'lgwan', kind: 'lgwan', at: 70 + below(60) },
    { id: 'internet', kind: 'internet', at: 140 + below(60) },
    { id: 'kanri', kind: 'management', at: 210 + below(40) },
  ].map((zone) => ({ ...zone, six: zone.kind !== 'mynumber' && below(3) > 0 }))
  const hosts = zones.flatMap(({ id, at, six }) =>
    Array.from({ length: 2 + below(2) }, (_, n) => ({
      id: `${id}-${n}`,
      zone: id,
      addresses: [`10.${at}.0.${10 + n * 7}`, ...(six ? [`fd00:${at}::${10 + n}`] : [])],
      mac: `02:00:5e:${hex(at)}:00:${hex(n)}`,
    })),
  )
  const peers = Array.from({ length: 3 + below(2) }, (_, n) => ({
    id: `peer-${n}`,
    network: pick(['internet', 'lgwan', 'dedicated']),
    addresses: [
      `172.${16 + n}.${below(200)}.${16 * below(15)}/${pick([28, 29, 30, 32])}`,
      ...(below(2) === 0 ? [`2001:db8:${n}::/${pick([48, 64, 128])}`] : []),
    ],
  }))
  const ends = [
    ...hosts.map(({ id }) => `host:${id}`),
    ...zones.slice(1).map(({ id }) => `zone:${id}`),
    ...zones.map(({ id }) => `system:${id}`),
    ...peers.map(({ id }) => `peer:${id}`),
  ]
  const flows = Array.from({ length: 10 + below(6) }, (_, n) => {
    const first = 1 + below(60_000)
    const ports = below(3) === 0 ? `'${first}-${first + below(40)}'` : String(first)
    const fixed =
      below(2) === 0
        ? `, fixed: { number: 特-${n}, approvedBy: 係長, date: 2026-04-01, macLimited: true }`
        : ''
    const from = pick(ends)
    const to = pick(ends.filter((end) => end !== from && !bothOutside(from, end)))
    return `  - { id: f${n}, name: 通信${n}, from: '${from}', to: '${to}', protocol: ${pick(['tcp', 'tcp', 'udp'])}, ports: [${ports}], purpose: 試し, owner: joho, expires: 2099-03-31${fixed} }`
  })
  return `
town: { name: 作り物の町, staff: 30, model: α, edition: R8.3 }
departments: [{ id: joho, name: 情報係 }]
zones:
${zones.map(({ id, kind, at, six }) => `  - { id: ${id}, name: ${id}, kind: ${kind}, networks: [10.${at}.0.0/24${six ? `, 'fd00:${at}::/64'` : ''}] }`).join('\n')}
boundaries: []
peers:
${peers.map(({ id, network, addresses }) => `  - { id: ${id}, name: ${id}, network: ${network}, ${network === 'internet' ? '' : 'internetCapable: false, '}addresses: [${addresses.map((one) => `'${one}'`).join(', ')}] }`).join('\n')}
systems:
${zones
  .map(
    ({ id }) =>
      `  - { id: ${id}, name: ${id}, zone: ${id}, owner: joho, hosts: [${hosts
        .filter(({ zone }) => zone === id)
        .map(
          (host) =>
            `{ id: ${host.id}, name: ${host.id}, role: server, addresses: [${host.addresses.map((one) => `'${one}'`).join(', ')}], mac: '${host.mac}' }`,
        )
        .join(', ')}] }`,
  )
  .join('\n')}
flows:
${flows.join('\n')}
`
}

const bothOutside = (...ends: readonly string[]): boolean =>
  ends.every((end) => end.startsWith('peer:'))

const hex = (number: number): string => number.toString(16).padStart(2, '0')

/** Numbers that follow from a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
