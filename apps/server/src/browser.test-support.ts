/**
 * A person at a browser, without the browser: keeps cookies, signs in with password and code, hands files over.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOTP } from '@better-auth/utils/otp'
import type { ApprovalCard, Decision, InboxItem, Transfer } from './api.ts'
import { secretText } from './demo.ts'
import type { DemoAccount } from './demo.ts'

export class Browser {
  readonly url: string
  readonly #cookies = new Map<string, string>()

  constructor(url: string) {
    this.url = url
  }

  async ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('origin', this.url)
    headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(`${this.url}${path}`, { ...init, method, headers })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const at = pair.indexOf('=')
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  json(method: string, path: string, body?: unknown): Promise<Response> {
    return this.ask(method, path, {
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async signIn({ email, password, totpSecret }: DemoAccount): Promise<this> {
    await this.json('POST', '/api/auth/sign-in/email', { email, password })
    const code = await createOTP(secretText(totpSecret)).totp()
    const response = await this.json('POST', '/api/auth/two-factor/verify-totp', { code })
    if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`)
    return this
  }

  /** Hands a file over as the page does: begin, then piece after piece. */
  async give(
    fileName: string,
    bytes: Uint8Array,
    { purpose = '見積もりの確認', chunk = 8 * 1024 * 1024, key = String(randomUUID()) } = {},
  ): Promise<Transfer> {
    const begun = await this.json('POST', '/api/transfers', {
      idempotencyKey: key,
      fileName,
      size: bytes.length,
      purpose,
    })
    if (!begun.ok) throw new Error(`begin: ${begun.status} ${await begun.text()}`)
    let transfer: Transfer = await begun.json()
    while (transfer.offset < bytes.length) {
      const piece = bytes.slice(transfer.offset, transfer.offset + chunk)
      const sent = await this.send(transfer, piece)
      if (!sent.ok) throw new Error(`send: ${sent.status} ${await sent.text()}`)
      transfer = await sent.json()
    }
    return transfer
  }

  send(transfer: Pick<Transfer, 'id' | 'offset'>, piece: Uint8Array): Promise<Response> {
    return this.ask('PATCH', `/api/transfers/${transfer.id}`, {
      headers: {
        'upload-offset': String(transfer.offset),
        'content-type': 'application/offset+octet-stream',
      },
      body: new Uint8Array(piece),
    })
  }

  async transfer(id: string): Promise<Transfer> {
    const transfer: Transfer = await (await this.ask('GET', `/api/transfers/${id}`)).json()
    return transfer
  }

  async inbox(): Promise<readonly InboxItem[]> {
    const { items }: { items: InboxItem[] } = await (await this.ask('GET', '/api/inbox')).json()
    return items
  }

  async cards(state = 'waiting'): Promise<readonly ApprovalCard[]> {
    const response = await this.ask('GET', `/api/approvals?state=${state}`)
    const { cards }: { cards: ApprovalCard[] } = await response.json()
    return cards
  }

  /** Decides on exactly what the card shows, unless told otherwise. */
  decide(card: ApprovalCard, change: Partial<Decision> = {}): Promise<Response> {
    const { sha256, destination, purpose } = card
    return this.json('POST', `/api/approvals/${card.number}`, {
      decision: 'approve',
      sha256,
      destination,
      purpose,
      comment: '',
      ...change,
    })
  }
}

/** Waits until `look` finds something. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  { ms = 60_000, what = 'what was waited for' } = {},
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`not in time: ${what}`)
    await sleep(50)
  }
}
