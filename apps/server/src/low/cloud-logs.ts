/**
 * 記録を調べる: logs that an officer brings, beside what the gate has on record. They are read and kept nowhere. The lines are hostile, and what is read of them is bounded; a large log is for the terminal.
 */
import { auditTable, blindWords, discoveryTable } from '@sekisho/gates/web'
import { setImmediate as breathe } from 'node:timers/promises'
import type { CloudFound } from '../api.ts'
import { seesAll } from '../host/people.ts'
import { readBytes, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import words from '../words/cloud-use.json' with { type: 'json' }
import { askedFor } from './cloud-use.ts'
import type { CloudUse } from './cloud-use.ts'

const MOST_MB = 32
const MOST_BYTES = MOST_MB * 1024 * 1024
const ROWS = 300
/** Lines, and characters, read before others have their turn. */
const AT_ONCE = 500
const PIECE = 65_536

export function addCloudLogs(app: Web, use: CloudUse): void {
  const post = (
    path: string,
    answer: (context: WebContext, text: string) => Promise<CloudFound | undefined>,
  ): void => {
    app.post(path, async (context) => {
      if (!seesAll(context.get('who'))) return refuse(context, 403, 'NOT-YOUR-ROLE')
      const bytes = await readBytes(context, MOST_BYTES)
      if (!bytes) return refuse(context, 413, 'CLOUD-LOG-TOO-LARGE', { max: MOST_MB })
      const found = await use.alone(() => answer(context, bytes.toString('utf8')))
      return found ? context.json(found) : refuse(context, 400, 'BODY-INVALID')
    })
  }
  post('/api/cloud/discover', async (context, text) => {
    const asked = askedFor(context, use)
    return asked && discovered(use, asked, text)
  })
  post('/api/cloud/audit-log', (_, text) => audited(use, text))
}

async function discovered(
  { watch, town }: CloudUse,
  { from, to }: { readonly from: string; readonly to: string },
  text: string,
): Promise<CloudFound> {
  const found = await watch.discover(from, to, async (line) => {
    let count = 0
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start)
      line(text.slice(start, end < 0 ? undefined : end))
      start = end < 0 ? text.length : end + 1
      if ((count += 1) % AT_ONCE === 0) await breathe()
    }
  })
  const { lines, unread, beyond, passedOver } = found
  const table = discoveryTable(found.rows, town)
  return foundOf(table, [
    ...(lines > 0 ? [filled(words.read, { lines, unread }), filled(words.over, passedOver)] : []),
    ...(beyond > 0 ? [filled(words.beyond, { beyond })] : []),
  ])
}

async function audited({ watch, town }: CloudUse, text: string): Promise<CloudFound> {
  const result = await watch.auditLog(async (piece) => {
    for (let start = 0; start < text.length; start += PIECE) {
      piece(text.slice(start, start + PIECE))
      await breathe()
    }
  })
  const { events, agreed, unread, beyond, blind } = result
  return foundOf(auditTable(result.findings, town), [
    filled(words.audited, { events, agreed, unread }),
    ...(beyond > 0 ? [filled(words.beyond, { beyond })] : []),
    ...blindWords(blind),
  ])
}

function foundOf(
  { title, columns, rows }: Pick<CloudFound, 'title' | 'columns' | 'rows'>,
  notes: readonly string[],
): CloudFound {
  return { title, columns, rows: rows.slice(0, ROWS), total: rows.length, notes }
}

function filled(sentence: string, values: Readonly<Record<string, number>>): string {
  return sentence.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    (values[name] ?? 0).toLocaleString('ja-JP'),
  )
}
