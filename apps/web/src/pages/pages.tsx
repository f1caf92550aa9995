import { go, usePlace, withQuery } from '../route.ts'
import { Pager } from '../ui/pager.tsx'
import { say } from '../words/say.ts'

/** The way through a list of several pages; which of them stands in the address. Nothing where there is one. */
export function Pages({ page, pages }: { readonly page: number; readonly pages: number }) {
  const place = usePlace()
  if (pages <= 1) return null
  return (
    <Pager
      label={say('decide.pages')}
      words={{
        previous: say('decide.previous'),
        next: say('decide.next'),
        place: say('decide.place', { page, pages }),
        first: say('decide.first'),
        last: say('decide.last'),
      }}
      page={page}
      pages={pages}
      onGo={(to) => go(withQuery(place, { page: to === 1 ? '' : String(to) }))}
    />
  )
}
