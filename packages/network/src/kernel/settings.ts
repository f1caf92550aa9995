/** One setting of the firewall's kernel, and why it is so. */
export interface Setting {
  readonly key: string
  readonly value: string
  /** Key of its sentence in `words/ja.json`. */
  readonly why: keyof typeof words.settings
}
import words from '../../words/ja.json' with { type: 'json' }

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

/** The file for `/etc/sysctl.d/`: each line below its reason. */
export function writeSettings(): string {
  const byReason = Map.groupBy(SETTINGS, ({ why }) => why)
  const blocks = [...byReason].map(([why, settings]) => {
    const lines = settings.map(({ key, value }) => `${key} = ${value}\n`)
    return `\n# ${words.settings[why]}\n${lines.join('')}`
  })
  return `# ${words.settings.head}\n${blocks.join('')}`
}
