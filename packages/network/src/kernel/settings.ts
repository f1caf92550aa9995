import words from '../../words/ja.json' with { type: 'json' }

/** One setting of the firewall's kernel, and why it is so. */
export interface Setting {
  readonly key: string
  readonly value: string
  /** Key of its sentence in `words/ja.json`. */
  readonly why: keyof typeof words.settings
}

/**
 * What the rules take for granted of the kernel below them. A packet that the kernel itself turns aside never comes to a rule; one that it lets slip past
 * conntrack would come as what it is not.
 */
export const SETTINGS: readonly Setting[] = [
  { key: 'net.ipv4.ip_forward', value: '1', why: 'forward' },
  { key: 'net.ipv6.conf.all.forwarding', value: '1', why: 'forward' },
  { key: 'net.ipv4.conf.all.rp_filter', value: '1', why: 'reverse-path' },
  { key: 'net.ipv4.conf.default.rp_filter', value: '1', why: 'reverse-path' },
  { key: 'net.ipv4.conf.all.accept_source_route', value: '0', why: 'source-route' },
  { key: 'net.ipv4.conf.default.accept_source_route', value: '0', why: 'source-route' },
  { key: 'net.ipv6.conf.all.accept_source_route', value: '-1', why: 'source-route' },
  { key: 'net.ipv6.conf.default.accept_source_route', value: '-1', why: 'source-route' },
  { key: 'net.ipv4.conf.all.accept_redirects', value: '0', why: 'redirects' },
  { key: 'net.ipv4.conf.default.accept_redirects', value: '0', why: 'redirects' },
  { key: 'net.ipv4.conf.all.secure_redirects', value: '0', why: 'redirects' },
  { key: 'net.ipv4.conf.default.secure_redirects', value: '0', why: 'redirects' },
  { key: 'net.ipv6.conf.all.accept_redirects', value: '0', why: 'redirects' },
  { key: 'net.ipv6.conf.default.accept_redirects', value: '0', why: 'redirects' },
  { key: 'net.ipv4.conf.all.send_redirects', value: '0', why: 'send-redirects' },
  { key: 'net.ipv4.conf.default.send_redirects', value: '0', why: 'send-redirects' },
  { key: 'net.ipv6.conf.all.accept_ra', value: '0', why: 'router-advertisements' },
  { key: 'net.ipv6.conf.default.accept_ra', value: '0', why: 'router-advertisements' },
  { key: 'net.ipv4.conf.all.proxy_arp', value: '0', why: 'proxy-arp' },
  { key: 'net.ipv4.conf.default.proxy_arp', value: '0', why: 'proxy-arp' },
  { key: 'net.ipv4.conf.all.arp_ignore', value: '1', why: 'arp' },
  { key: 'net.ipv4.conf.all.arp_announce', value: '2', why: 'arp' },
  { key: 'net.ipv4.conf.all.log_martians', value: '1', why: 'martians' },
  { key: 'net.ipv4.icmp_echo_ignore_broadcasts', value: '1', why: 'broadcast-echo' },
  { key: 'net.netfilter.nf_conntrack_tcp_loose', value: '0', why: 'loose' },
  { key: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: '0', why: 'liberal' },
]

/** What is set only after the rules are loaded: without rules the kernel would carry everything, and it knows no connections yet. */
const LATER: ReadonlySet<Setting['why']> = new Set(['forward', 'loose', 'liberal'])

/** The file for `/etc/sysctl.d/`: each line below its reason. It carries nothing from zone to zone; `writeForwarding` does, once the rules are there. */
export function writeSettings(): string {
  const early = SETTINGS.filter(({ why }) => !LATER.has(why))
  const byReason = Map.groupBy(early, ({ why }) => why)
  const blocks = [...byReason].map(([why, settings]) => {
    const lines = settings.map(({ key, value }) => `${key} = ${value}\n`)
    return `\n# ${words.settings[why]}\n${lines.join('')}`
  })
  const still = FORWARDING.map(({ key }) => `${key} = 0\n`).join('')
  return `# ${words.settings.head}\n\n# ${words.settings['forward-later']}\n${still}${blocks.join('')}`
}

const FORWARDING = SETTINGS.filter(({ why }) => why === 'forward')

/**
 * The unit of systemd that lets the kernel carry packets from zone to zone while, and only while, the rules are loaded.
 *
 * @param rules the unit that loads them, e.g. `nftables.service`
 */
export function writeForwarding(rules: string): string {
  const later = SETTINGS.filter(({ why }) => LATER.has(why))
  const reasons = [...new Set(later.map(({ why }) => why))].map((why) => words.settings[why])
  return [
    `# ${words.settings.unit}`,
    ...reasons.map((reason) => `# ${reason}`),
    '[Unit]',
    `Description=Sekisho: carry packets between zones while the rules are loaded`,
    `BindsTo=${rules}`,
    `After=${rules} systemd-sysctl.service`,
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    `ExecStart=/usr/sbin/sysctl -q -w ${later.map(({ key, value }) => `${key}=${value}`).join(' ')}`,
    `ExecStop=/usr/sbin/sysctl -q -w ${FORWARDING.map(({ key }) => `${key}=0`).join(' ')}`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}
