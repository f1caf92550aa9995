/**
 * A question opened with something already known: by ［利用を申請する］ on a page of the cloud gate. Anybody can make such an address, so only values that the form offers are taken, all of it is shown before anything is
 * recorded, and the person signs in and records it under their own name.
 */
import type { Form } from '@sekisho/core'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import type { Given } from './facts.tsx'

export interface Applied {
  readonly given: Given
  readonly subject: string
  readonly because: string
}

const SUBJECT_MAX = 200
const NUMBER = /^W-[0-9A-F]{1,12}-[0-9]{1,15}$/u
const SERVICE = /^[a-z0-9][a-z0-9-]{0,62}$/u

/**
 * @param query of the address
 * @param department of who is signed in: the gate's word for it is not needed, and a link could lie
 * @returns nothing for an address that says nothing
 */
export function appliedFor(
  form: Form,
  query: URLSearchParams,
  department: string,
): Applied | undefined {
  const subject = (query.get('subject') ?? '').slice(0, SUBJECT_MAX)
  const number = query.get('refused') ?? ''
  if (subject === '' || !NUMBER.test(number)) return undefined
  const service = query.get('service') ?? ''
  const about = say('decide.appliedBecause', { number, department })
  const named = SERVICE.test(service) ? say('decide.appliedService', { service }) : ''
  return { given: givenIn(form, query), subject: safeName(subject), because: about + named }
}

function givenIn({ facts }: Form, query: URLSearchParams): Given {
  return Object.fromEntries(
    facts.flatMap(({ name, options = [] }) => {
      const option = options.find(({ value }) => String(value) === query.get(name))
      return option === undefined ? [] : [[name, option.value] as const]
    }),
  )
}
