import type { Me } from '@sekisho/server/api'
import { Banner } from '../ui/banner.tsx'
import { say } from '../words/say.ts'

/** A page of the cloud gate, for whoever has it not: it is for others, or on the other side, or nowhere. */
export function NoCloudPage({ me }: { readonly me: Me }) {
  if (me.side === 'high') return <WrongPlace me={me} />
  if (!me.cloud) return <WrongPlace />
  return (
    <Banner tone="plain" title={say('frame.othersTitle')}>
      {say('frame.others')}
    </Banner>
  )
}

/** An address of the other side, or of no page at all. */
export function WrongPlace({ me }: { readonly me?: Me }) {
  if (me === undefined)
    return (
      <Banner tone="plain" title={say('frame.unknownTitle')}>
        {say('frame.unknown')}
      </Banner>
    )
  return (
    <Banner tone="plain" title={say('frame.otherSideTitle')}>
      {say('frame.otherSide', { zone: me.zone, other: me.otherZone })}
    </Banner>
  )
}
