import { use } from 'react'
import { checks, MeContext } from '../line/me.ts'
import { explainPath } from '../route.ts'
import { say } from '../words/say.ts'
import { followInside } from './frame.tsx'

/** Ids of rules and reasons, one after the other; each leads to what it means, for those who may read it. */
export function RuleIds(props: { readonly ids: readonly string[] }) {
  return props.ids.map((id, index) => (
    <span key={id}>
      {index === 0 ? '' : ' '}
      <RuleId id={id} />
    </span>
  ))
}

export function RuleId(props: { readonly id: string }) {
  const { id } = props
  const me = use(MeContext)
  const look = 'text-mono-14N-150 whole'
  if (me === undefined || !checks(me)) return <span className={look}>{id}</span>
  return (
    <a
      href={explainPath(id)}
      title={say('explain.link')}
      className={`${look} text-key-900 underline underline-offset-4`}
      onClick={(event) => followInside(event, explainPath(id))}
    >
      {id}
    </a>
  )
}
