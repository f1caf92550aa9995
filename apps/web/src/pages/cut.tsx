import type { CutPage } from '@sekisho/server/api'
import { useState } from 'react'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Choice, TextField } from '../ui/field.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { SaveButtons } from './save-buttons.tsx'
import { Waiting } from './waiting.tsx'

/** 止めると使えなくなるもの: asked before something is cut. */
export function Cut() {
  const [sought, seek] = useState('')
  const place = usePlace()
  const target = place.query.get('target') ?? ''
  const loaded = useLoad<CutPage>(`/api/cut?${new URLSearchParams({ target }).toString()}`)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  const { impact } = value
  const groups = cutGroups(value, sought, impact?.target ?? '')
  const any = value.targets.some(({ name }) => found(name, sought))
  return (
    <>
      <p>{say('cut.lead')}</p>
      <div className="screen-only my-3 grid max-w-3xl gap-4 sm:grid-cols-[1fr_2fr]">
        <TextField label={say('cut.seek')} name="sought" value={sought} onChange={seek} />
        <Choice
          label={say('cut.target')}
          name="target"
          value={impact?.target ?? ''}
          options={[{ value: '', label: say('cut.choose') }]}
          groups={groups}
          help={any ? undefined : say('cut.seekNone')}
          onChange={(chosen) => go(withQuery(place, { target: chosen }), { replace: true })}
        />
      </div>
      {impact !== undefined && (
        <section aria-labelledby="impact" aria-live="polite">
          <h2 id="impact" className="text-std-20B-160 mb-2">
            {say('cut.title', { name: safeName(impact.name) })}
          </h2>
          <p className="mb-2">{sumOf(impact)}</p>
          <ul className="list-disc pl-6">
            {impact.lines.map(({ kind, id, sentence, owner }) => (
              <li key={`${kind} ${id}`}>
                {safeName(sentence)}
                {owner !== '' && (
                  <span className="text-dns-14N-130 text-solid-gray-700">
                    　{say('cut.owner', { owner: safeName(owner) })}
                  </span>
                )}
              </li>
            ))}
          </ul>
          <SaveButtons query="" paths={{}} />
        </section>
      )}
    </>
  )
}

const CUT_KINDS = ['peer', 'service', 'flow'] as const

/** What can be cut, by kind; only names that hold what is looked for, and the one that is chosen. */
function cutGroups({ targets }: CutPage, sought: string, chosen: string) {
  return CUT_KINDS.map((kind) => ({
    label: say(`cut.kind.${kind}`),
    options: targets
      .filter(({ target }) => target.startsWith(`${kind}:`))
      .filter(({ target, name }) => target === chosen || found(name, sought))
      .map(({ target, name }) => ({ value: target, label: safeName(name) })),
  }))
}

/** Wide and narrow letters, small and large ones are the same to somebody who seeks. */
function found(name: string, sought: string): boolean {
  const key = (text: string): string => text.normalize('NFKC').toLowerCase()
  return key(name).includes(key(sought.trim()))
}

/** How much it is, and who must hear of it before. */
function sumOf({ lines }: NonNullable<CutPage['impact']>): string {
  if (lines.length === 0) return say('cut.none')
  const owners = [...new Set(lines.map(({ owner }) => owner))].filter((owner) => owner !== '')
  if (owners.length === 0) return say('cut.count', { count: lines.length })
  return say('cut.countAndTell', {
    count: lines.length,
    owners: owners.map(safeName).join(say('cut.and')),
  })
}
