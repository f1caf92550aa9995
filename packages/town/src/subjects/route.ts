import type { Town, TownFacts, WebRouteFacts, WebService } from '@sekisho/core'
import { NEVER_INSPECTED, loginHosts } from '../tenant-limit.ts'
import type { Subject, KindOf } from './subject.ts'

/** ZN-07 to ZN-10: one question per gate; X11: one per service of a cloud gate. */
export function routeSubjects(town: Town, base: TownFacts, kindOf: KindOf): readonly Subject[] {
  const names = new Map(town.zones.map((zone) => [zone.id, zone.name]))
  const about = (gate: { id: string; from: string; to: string }, kind: string, nth: number) => ({
    path: `gates.${kind}[${nth}]`,
    label: `${gate.id}（${names.get(gate.from) ?? gate.from} → ${names.get(gate.to) ?? gate.to}）`,
  })
  const ends = (gate: { from: string; to: string }) => ({
    ...base,
    fromZone: kindOf(gate.from),
    toZone: kindOf(gate.to),
  })
  return [
    ...webSubjects(town, base),
    ...town.gates.file.map((gate, nth): Subject => ({
      ...about(gate, 'file', nth),
      blame: {
        'ZN-08': `gates.file[${nth}].${gate.method === 'none' ? 'method' : 'record'}`,
        'ZN-09': `gates.file[${nth}].method`,
      },
      question: {
        question: 'check-file-route',
        facts: {
          ...ends(gate),
          throughSanitiser: gate.method !== 'none',
          resultRecorded: gate.record,
          method: gate.method,
          unknownMalwareBlocked: gate.unknownMalwareBlocked,
        },
      },
    })),
    ...town.gates.mail.map((gate, nth): Subject => ({
      ...about(gate, 'mail', nth),
      blame: {
        'ZN-07': `gates.mail[${nth}].${gate.attachments === 'keep' ? 'attachments' : 'body'}`,
      },
      question: {
        question: 'check-mail-route',
        facts: {
          ...ends(gate),
          attachmentsRemoved: gate.attachments === 'remove',
          textOnly: gate.body === 'text',
        },
      },
    })),
    ...town.gates.screen.map((gate, nth): Subject => {
      const open = (['clipboard', 'file', 'drive', 'printer'] as const).find((key) => gate[key])
      return {
        ...about(gate, 'screen', nth),
        blame: { 'ZN-10': `gates.screen[${nth}].${open ?? 'clipboard'}` },
        question: {
          question: 'check-screen-route',
          facts: {
            ...ends(gate),
            clipboard: gate.clipboard,
            file: gate.file,
            drive: gate.drive,
            printer: gate.printer,
          },
        },
      }
    }),
  ]
}

function webSubjects(town: Town, base: TownFacts): readonly Subject[] {
  const names = new Map(town.services.map((service) => [service.id, service.name]))
  return (town.gates.web ?? []).flatMap((gate, nth) =>
    gate.services.map((one, at): Subject => {
      const path = `gates.web[${nth}].services[${at}]`
      return {
        path,
        label: `${gate.id}（${names.get(one.service) ?? one.service}）`,
        blame: { 'WEB-MODEL': `${path}.pattern` },
        question: {
          question: 'check-web-route',
          facts: {
            ...base,
            pattern: one.pattern,
            ...tenantFacts(one),
          },
        },
      }
    }),
  )
}

function tenantFacts(
  one: WebService,
): Pick<WebRouteFacts, 'tenantsLimited' | 'inspects' | 'makerKnown' | 'inspectsLeftOut'> {
  const read = new Set(one.inspect.map(({ host }) => host))
  const needed = loginHosts(one)
  return {
    tenantsLimited: one.tenants !== undefined,
    inspects: one.inspect.length > 0 && needed.every((host) => read.has(host)),
    makerKnown: needed.length > 0,
    inspectsLeftOut: NEVER_INSPECTED.some((host) => read.has(host)),
  }
}
