/**
 * `sekisho gate mail check FILE.eml`: what would happen to this mail. It is rebuilt in the box of the disarm workers, as the gate does it, and read again by
 * the code of the receiving side.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { bytesText } from '@sekisho/core'
import type { MailGate } from '@sekisho/core'
import { DEFAULT_LIMITS, createPool } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import {
  FATE_WORDS,
  kindWords,
  MAIL_PROGRAM,
  certificateNumber,
  mailRefusalWords,
  rebuildAttaching,
} from '@sekisho/gates/mail'
import type { BoxedMail, MailRoute } from '@sekisho/gates/mail'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { MAIL_FORMATS } from '../mail-places.ts'
import { openTown } from '../town-file.ts'
import { readFormat } from '../out-file.ts'

/** Where the entries of a mail lead that is only tried: nowhere (RFC 2606). */
const NO_PAGE = 'https://sekisho.invalid/mail/check'

export async function checkMail(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const file = args.positionals[2]
  if (file === undefined || args.positionals.length > 3)
    throw new UsageError('試すメールのファイル（.eml）を一つ書いてください。')
  const format = readFormat(args, MAIL_FORMATS)
  const route = await routeOf(args.text('town'))
  const outcome = await tried(await readFile(file), route)
  const out = args.text('out')
  if (out !== undefined && outcome.ok) {
    await writeFile(`${out}.part`, outcome.mail.message)
    await rename(`${out}.part`, out)
  }
  terminal.out(
    format === 'json' ? json(file, route, outcome) : told(file, route, outcome, out) + '\n',
  )
  return outcome.ok ? EXIT.done : EXIT.refused
}

type Tried =
  | { readonly ok: true; readonly mail: BoxedMail }
  | { readonly ok: false; readonly reason: string }

async function tried(bytes: Uint8Array, route: MailRoute): Promise<Tried> {
  // Loaded only here: it brings the web server with it.
  const { readMailFacts } = await import('@sekisho/server')
  const pool = createPool({ size: 1, ...MAIL_PROGRAM })
  try {
    const question = { route, address: NO_PAGE, limits: {} }
    const boxed = await rebuildAttaching(pool, bytes, question, readMailFacts, {
      disarm: (file, name) => pool.disarm(file, { name }),
      maxBytes: DEFAULT_LIMITS.outputBytes,
    })
    if (!boxed.ok) return boxed
    // The same independent reading that the high side does: what it does not accept is not shown.
    const clean = verifyClean(boxed.mail.message, 'eml')
    return clean.clean ? boxed : { ok: false, reason: clean.reason }
  } finally {
    await pool.close()
  }
}

/** The first mail gate of the town that comes from the Internet. */
async function routeOf(file: string | undefined): Promise<MailRoute> {
  if (file === undefined) return PLAIN
  const opened = await openTown(file)
  if (!opened.ok) throw new UsageError(`${file} が読めません。sekisho check で確かめてください。`)
  const { town } = opened.read
  const kinds = new Map(town.zones.map(({ id, kind }) => [id, kind]))
  const gate = town.gates.mail.find((one: MailGate) => kinds.get(one.from) === 'internet')
  if (gate === undefined)
    throw new UsageError(`${file} に、インターネットからのメールの関所がありません。`)
  // Into LGWAN no file may stay in a mail, whatever is declared (X1-ATTACH).
  const attachments = kinds.get(gate.to) === 'internet' ? gate.attachments : 'remove'
  const { id } = gate
  return { model: town.model, edition: town.edition, gate: { id, attachments } }
}

const PLAIN: MailRoute = {
  model: 'α',
  edition: 'R8.3',
  gate: { id: 'mail-in', attachments: 'remove' },
}

function json(file: string, route: MailRoute, outcome: Tried): string {
  const head = { sekisho: '1', kind: 'MailCheck', file, route }
  const body = outcome.ok
    ? {
        result: 'pass',
        number: certificateNumber(outcome.mail.facts.certificate),
        certificate: outcome.mail.facts.certificate,
        pickUps: outcome.mail.facts.pickUps,
      }
    : { result: 'refuse', reason: outcome.reason, words: mailRefusalWords(outcome.reason) }
  return `${JSON.stringify({ ...head, ...body }, undefined, 2)}\n`
}

function told(file: string, route: MailRoute, outcome: Tried, out: string | undefined): string {
  const how = `${route.model}、添付は${route.gate.attachments === 'keep' ? '残す' : '取り除く'}`
  if (!outcome.ok) {
    const { what, why, cure } = mailRefusalWords(outcome.reason)
    return `× ${visible(file)}（${how}）\n  ${what}${why}\n  ${cure}（${outcome.reason}）`
  }
  const { certificate, pickUps } = outcome.mail.facts
  const lines = [
    `○ ${visible(file)}（${how}）は、組み直して届けます。`,
    `  見出し: ${certificate.headers.kept.length}種類を書き直し、${certificate.headers.leftOut}件を入れません。`,
    ...certificate.headers.contradicted.map(
      (name) => `  見出し ${visible(name)} が食い違って二度あり、初めのものを使います。`,
    ),
    ...certificate.flattened.map(
      ({ part, reason }) =>
        `  部品${part}は文字だけにします。${mailRefusalWords(reason).what}（${reason}）`,
    ),
    ...(certificate.hiddenPlaces === 0
      ? []
      : [`  見えないように書かれた${certificate.hiddenPlaces}か所を入れません。`]),
    `  部品（${certificate.parts.length}個）`,
    ...certificate.parts.map(partLine),
    ...(pickUps.length === 0 ? [] : [`  外で待つファイル（${pickUps.length}件）`]),
    ...pickUps.map(pickUpLine),
    `  証明番号 ${certificateNumber(certificate)}`,
    ...(out === undefined
      ? []
      : [
          `  組み直したメールを ${visible(out)} に書きました。中のリンクは見本で、どこにもつながりません。`,
        ]),
  ]
  return lines.join('\n')
}

function partLine({
  part,
  type,
  name,
  bytes,
  fate,
  reason,
}: BoxedMail['facts']['certificate']['parts'][number]): string {
  const what = name === '' ? type : `${name}（${type}）`
  const why = reason === undefined ? '' : `（${reason}）`
  return `    ${part.padEnd(8)} ${visible(what)}　${bytesText(bytes)}　${FATE_WORDS[fate]}${why}`
}

const WILL: Readonly<Record<BoxedMail['facts']['pickUps'][number]['will'], string>> = {
  disarm: '求められたら、無害化して渡します',
  password: 'パスワードが要ります。分かれば、無害化して渡します',
  refused: '渡せません',
  clean: '書き直してあり、そのまま渡せます',
}

function pickUpLine({
  name,
  kind,
  bytes,
  will,
  reason,
}: BoxedMail['facts']['pickUps'][number]): string {
  const why = reason === undefined ? '' : `。${mailRefusalWords(reason).what}（${reason}）`
  return `    ${visible(name)}（${kindWords(kind, name)}、${bytesText(bytes)}）　${WILL[will]}${why}`
}
