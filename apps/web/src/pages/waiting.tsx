import type { Loaded } from '../line/load.ts'
import { Loading } from '../ui/loading.tsx'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

/** What is shown while something is not there: a word, or why it does not come. Who is signed out is asked to sign in by the frame. */
export function Waiting({
  loaded: { failure, reload },
  word = say('frame.loading'),
}: {
  readonly loaded: Pick<Loaded<unknown>, 'failure' | 'reload'>
  readonly word?: string
}) {
  if (failure !== undefined && failure.status !== 401)
    return <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
  return <Loading word={word} />
}
