/**
 * What gets in by an address outside that stands for one inside. The machine writes the target anew first and asks policies afterwards, those for other targets not at
 * all, so such a packet goes a way of its own through them; a packet that came under the address inside goes the other. One of the two letting it through is enough.
 */
import type { Rule } from '../../filter/filter.ts'
import { only } from '../../space/field.ts'
import { packetRule, sessionRules } from '../session.ts'
import type { Service, SessionRule } from '../session.ts'
import { portsOf } from './interfaces.ts'
import type { Node } from './syntax.ts'
import { servicesInside, spanOf } from './vips.ts'
import type { Vip } from './vips.ts'

/** The chain of policies that are asked about packets whose target was written anew. */
export const BY_VIP = 'firewall vip'

/** The rules of a policy for such addresses. A denial ends this way, and leaves the other. */
export function vipRules(
  root: Node,
  vips: readonly Vip[],
  rule: SessionRule,
  services: readonly Service[] | undefined,
): readonly Rule[] {
  return vips.flatMap((vip) => {
    const into = meetingPorts(root, rule.in, vip)
    const any = services && servicesInside(services, vip)
    if (into === 'none' || any?.length === 0) return []
    const unsure = [rule.unsure, ...vip.unsure].filter((one) => one !== undefined).join(', ')
    return sessionRules({
      ...rule,
      ...(into && { in: into }),
      action: rule.action.kind === 'deny' ? { kind: 'back' } : rule.action,
      families: [4],
      target: { spans: [spanOf(vip.inside)], negated: false },
      ...(any && { services: { any, negated: false } }),
      ...(unsure !== '' && { unsure }),
      comment: [rule.comment, `firewall vip ${vip.name}`]
        .filter((one) => one !== undefined)
        .join(' '),
    })
  })
}

/** Interfaces of the policy at which the address is. */
function meetingPorts(
  root: Node,
  into: SessionRule['in'],
  { at }: Vip,
): SessionRule['in'] | 'none' {
  const own = at === undefined ? undefined : portsOf(root, 'in', [at]).in
  if (!own || !into) return own ?? into
  const both = into.filter((one) => own.some(({ from }) => from === one.from))
  return both.length === 0 ? 'none' : both
}

/** Whether a policy for other targets is asked about such packets all the same (`match-vip`); `maybe` where that hangs on the release. */
export function matchesVip(
  { sets }: Node,
  action: 'accept' | 'deny',
  release: readonly number[] | undefined,
): 'yes' | 'no' | 'maybe' {
  const said = sets.get('match-vip')?.[0]
  if (action === 'accept') return said === 'enable' ? 'maybe' : 'no'
  if (said !== undefined) return said === 'enable' ? 'yes' : 'no'
  if (!release) return 'maybe'
  // New policies that deny have it switched on since 7.2.4 (release notes; a technical tip names 7.2.3).
  const number = release.reduce((all, part) => all * 1_000 + part, 0)
  return number === 7_002_003 ? 'maybe' : number > 7_002_003 ? 'yes' : 'no'
}

/** `#config-version=FGT60F-7.4.1-FW-build…` at the top of a configuration. */
export function releaseOf(text: string): readonly number[] | undefined {
  const [, major, minor, patch] =
    /^#config-version=[\w-]{1,40}?-(\d{1,2})\.(\d{1,2})\.(\d{1,2})-/mu.exec(text) ?? []
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

/** Under the address outside nothing is forwarded, where it stands for another; whether also for senders that no policy names, nobody here can tell. */
export function outsideRules(root: Node, vips: readonly Vip[]): readonly Rule[] {
  return vips.map((vip) => {
    const into = vip.at === undefined ? undefined : portsOf(root, 'in', [vip.at]).in
    const { ported } = vip
    return packetRule({
      place: `firewall vip ${vip.name}`,
      action: { kind: 'deny' },
      families: [4],
      ...(into && { in: into }),
      target: { spans: [spanOf(vip.outside)], negated: false },
      ...(ported && {
        services: {
          any: [{ protocol: [only(BigInt(ported.protocol))], targetPort: [ported.outside] }],
          negated: false,
        },
      }),
      unsure: `firewall vip ${vip.name}`,
    })
  })
}
