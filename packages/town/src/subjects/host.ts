import type { Host, IsoDate, System, Town, TownFacts, ZoneKind } from '@sekisho/core'
import type { Subject, KindOf } from './subject.ts'

/** ZN-04, ZN-05: one question per host. */
export function hostSubjects(
  town: Town,
  at: IsoDate,
  base: TownFacts,
  kindOf: KindOf,
): readonly Subject[] {
  return town.systems.flatMap((system, index) =>
    system.hosts.map((host, nth) =>
      hostSubject(system, host, `systems[${index}].hosts[${nth}]`, at, {
        ...base,
        zone: kindOf(system.zone),
      }),
    ),
  )
}

function hostSubject(
  system: System,
  host: Host,
  path: string,
  at: IsoDate,
  base: TownFacts & { readonly zone: ZoneKind },
): Subject {
  const { write, exceptions } = host.removableMedia
  const lapsed = exceptions.findIndex((exception) => !isComplete(exception, at))
  return {
    path,
    label: `${system.name} ${host.name}`,
    blame: {
      'ZN-04': `${path}.authentication`,
      'ZN-05':
        write || lapsed < 0
          ? `${path}.removableMedia`
          : `${path}.removableMedia.exceptions[${lapsed}]`,
    },
    question: {
      question: 'check-host',
      facts: {
        ...base,
        role: host.role,
        authenticationKinds: new Set(host.authentication).size,
        removableMediaWrite: write,
        incompleteMediaExceptions: exceptions.filter((one) => !isComplete(one, at)).length,
      },
    },
  }
}

type MediaException = Host['removableMedia']['exceptions'][number]

const isComplete = (exception: MediaException, at: IsoDate): boolean =>
  exception.device.trim() !== '' && exception.approvedBy.trim() !== '' && at <= exception.until
