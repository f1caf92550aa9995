/** A pretend side for looking at screens while they are drawn. Not part of the product. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { readFileSync, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'

const side = (process.argv[2] ?? 'low') as 'low' | 'high'
const port = Number(process.argv[3] ?? (side === 'low' ? 8701 : 8702))
const minutes = Number(process.argv[4] ?? 480)
const DIST = join(import.meta.dirname, '../dist')
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
let signedIn = process.argv[5] !== 'out'
const at = (min: number) => new Date(Date.now() + min * 60000).toISOString()
const ends = at(minutes)
const sha = (s: string) => createHash('sha256').update(s).digest('hex')
const problem = (reason: string, what: string, why: string, cure: string, number = '') => ({
  reason,
  what,
  why,
  cure,
  number,
  at: new Date().toISOString(),
})

const me = () => ({
  side,
  town: '霞町',
  zone: side === 'low' ? 'インターネット接続系' : 'LGWAN接続系',
  otherZone: side === 'low' ? 'LGWAN接続系' : 'インターネット接続系',
  user: {
    id: 'p-1',
    name: '髙橋 𠮷子',
    email: 'clerk@kasumi.example',
    department: '建設課',
    roles: side === 'high' ? ['clerk', 'approver'] : ['clerk'],
    passkeys: 0,
  },
  limits: {
    maxBytes: 200 * 1024 * 1024,
    chunkBytes: 1024 * 256,
    accept: [
      'docx',
      'xlsx',
      'pptx',
      'docm',
      'xlsm',
      'pptm',
      'pdf',
      'jpg',
      'png',
      'gif',
      'csv',
      'txt',
      'zip',
    ],
  },
  originalDays: 90,
  sessionEnds: ends,
})
type T = Record<string, unknown> & {
  id: string
  offset: number
  size: number
  state: string
  step: string
}
const transfers: T[] = [
  {
    id: 't3',
    number: 'S-1044',
    fileName: '葛󠄂城市との協定書.docx',
    size: 48211,
    offset: 48211,
    purpose: '協定書の確認',
    state: 'held',
    step: 'hold',
    createdAt: at(-5),
    removed: [],
    waitingForOtherSide: false,
  },
  {
    id: 't2',
    number: 'S-1042',
    fileName: '見積書\u202Excod.xlsm',
    size: 1248211,
    offset: 1248211,
    purpose: '見積',
    state: 'refused',
    step: 'cure',
    createdAt: at(-60),
    finishedAt: at(-59),
    removed: [],
    waitingForOtherSide: false,
    problem: problem(
      'OX-ENCRYPTED',
      '「見積書.xlsm」は通せませんでした。',
      'このファイルはパスワードで守られていて、中身を検査できません（第3編 第2章 3.(3)）。',
      '送り主に、パスワードを外して送り直してもらってください。',
      'S-1042',
    ),
  },
  {
    id: 't1',
    number: 'S-1041',
    fileName: '工事写真（𠮷田橋・﨑川）.zip',
    size: 88248211,
    offset: 88248211,
    purpose: '工事',
    state: 'delivered',
    step: 'deliver',
    createdAt: at(-600),
    finishedAt: at(-598),
    removed: [
      '写真12枚から、撮影場所の情報を取り除きました。',
      '中のショートカットを1件取り除きました。',
    ],
    waitingForOtherSide: false,
  },
  {
    id: 't0',
    number: 'S-1040',
    fileName: '設計図書一式.pdf',
    size: 20248211,
    offset: 9048211,
    purpose: '工事',
    state: 'receiving',
    step: 'receive',
    createdAt: at(-1600),
    removed: [],
    waitingForOtherSide: false,
  },
]
const keys = new Map<string, string>()
const inbox = [
  {
    id: 'i1',
    number: 'S-1041',
    from: { name: '髙橋 𠮷子', department: '建設課' },
    fileName: '見積書.xlsm',
    outputName: '見積書.xlsx',
    size: 1248211,
    outputSize: 1148211,
    state: 'delivered',
    step: 'deliver',
    removed: [
      'マクロ（自動で動く命令）を1件取り除きました。',
      '外部へのつながりを2件取り除きました。',
    ],
    kept: ['隠れたシートが1枚あります。'],
    inputSha256: sha('a'),
    outputSha256: sha('b'),
    receivedAt: at(-70),
    deliveredAt: at(-60),
    until: at(60 * 24 * 5),
  },
  {
    id: 'i2',
    number: 'S-1039',
    from: { name: '辻󠄁 﨑男', department: '税務課' },
    fileName: '葛󠄂城市との協定書.docx',
    outputName: '葛󠄂城市との協定書.docx',
    size: 48211,
    outputSize: 47000,
    state: 'delivered',
    step: 'deliver',
    removed: [],
    kept: [],
    inputSha256: sha('a'),
    outputSha256: sha('b'),
    receivedAt: at(-700),
    deliveredAt: at(-690),
    takenAt: at(-650),
    until: at(10),
  },
  {
    id: 'i3',
    number: 'S-1045',
    from: { name: '髙橋 𠮷子', department: '建設課' },
    fileName: '議事録.docm',
    outputName: '議事録.docx',
    size: 48211,
    outputSize: 47000,
    state: 'held',
    step: 'hold',
    removed: ['マクロ（自動で動く命令）を3件取り除きました。'],
    kept: [],
    inputSha256: sha('a'),
    outputSha256: sha('b'),
    receivedAt: at(-7),
  },
  {
    id: 'i4',
    number: 'S-1038',
    from: { name: '髙橋 𠮷子', department: '建設課' },
    fileName: '請求書.exe',
    outputName: '',
    size: 48211,
    outputSize: 0,
    state: 'refused',
    step: 'cure',
    removed: [],
    kept: [],
    inputSha256: sha('a'),
    outputSha256: '',
    receivedAt: at(-7),
    problem: problem(
      'TYPE-DENIED',
      '「請求書.exe」は通せませんでした。',
      'これはプログラムです。プログラムは、どの形にも直せません（第3編 第2章 3.(3)）。',
      '文書が必要なときは、送り主にPDFかExcelで送り直してもらってください。',
      'S-1038',
    ),
  },
]
const cards = ['S-1045', 'S-1046', 'S-1047'].map(
  (number, n) =>
    ({
      id: number,
      number,
      from: { name: '髙橋 𠮷子', department: '建設課' },
      purpose: '𠮷田橋の架け替え工事の見積書を確認するため',
      destination: 'LGWAN接続系',
      fileName: n === 1 ? '図面.pdf' : '見積書.xlsm',
      outputName: n === 1 ? '図面.pdf' : '見積書.xlsx',
      size: 1248211,
      outputSize: 1148211,
      report: { type: 'xlsm', outputType: 'xlsx', verdict: 'removed', removed: [], kept: [] },
      removed: [
        'マクロ（自動で動く命令）を1件取り除きました。',
        '外部へのつながりを2件取り除きました。',
      ],
      kept: ['隠れたシートが1枚あります。'],
      findings: [
        {
          rule: 'X3',
          clause: '第3編 第2章 3.(3)',
          edition: 'R8.3',
          verified: n !== 0,
          severity: 'required',
          effect: 'hold',
          message: '命令を取り除いたファイルは、人の承認を受けてから渡します。',
          cure: { sentence: '承認者が中身を見て承認してください。', who: 'approver' },
        },
      ],
      sha256: sha(number),
      requestedAt: at(-20),
      deadline: at(60 * 24 * 3),
      state: 'held',
      ...(n === 2 && { cannotDecide: '自分が渡したファイルは、自分では承認できません。' }),
    }) as Record<string, unknown>,
)

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
const h = (...b: Buffer[]) => createHash('sha256').update(Buffer.concat(b)).digest()
const blob = Buffer.concat([Buffer.from([1]), raw])
const origin = 'kasumi.example/evidence'
const id = h(Buffer.from(origin + '\n'), blob).subarray(0, 4)
const kinds = [
  'start',
  'sign-in',
  'received',
  'answered',
  'disarmed',
  'verified',
  'held',
  'approved',
  'delivered',
  'taken',
  'refused',
  'sign-in-failed',
]
const entries = Array.from({ length: 237 }, (_, n) => ({
  v: 1,
  kind: kinds[n % kinds.length],
  at: at(n - 240),
  side: n % 2 ? 'high' : 'low',
  model: sha('m'),
  actor: n % 4 ? 'clerk@kasumi.example' : 'system',
  ...(n % 3 && { number: `S-${1000 + (n >> 3)}` }),
  detail: { fileName: '葛󠄂城.docx' },
}))
const leaves = entries.map((e) => Buffer.from(JSON.stringify(e)))
const leafHashes = leaves.map((l) => h(Buffer.from([0]), l))
const mth = (l: Buffer[]): Buffer => {
  if (l.length === 1) return l[0]!
  let k = 1
  while (k * 2 < l.length) k *= 2
  return h(Buffer.from([1]), mth(l.slice(0, k)), mth(l.slice(k)))
}
const path = (m: number, l: Buffer[]): Buffer[] => {
  if (l.length === 1) return []
  let k = 1
  while (k * 2 < l.length) k *= 2
  return m < k
    ? [...path(m, l.slice(0, k)), mth(l.slice(k))]
    : [...path(m - k, l.slice(k)), mth(l.slice(0, k))]
}
const text = `${origin}\n${leaves.length}\n${mth(leafHashes).toString('base64')}\n`
const note = `${text}\n— ${origin} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`

async function body(req: IncomingMessage) {
  const b: Buffer[] = []
  for await (const c of req) b.push(c as Buffer)
  return Buffer.concat(b)
}
function json(res: ServerResponse, status: number, value: unknown) {
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(JSON.stringify(value))
}
const view = (t: T) => {
  const age = t['done'] ? (Date.now() - Number(t['done'])) / 1000 : 0
  if ((t.state === 'receiving' && t['done']) || t['auto']) {
    t['auto'] = true
    if (age > 6) Object.assign(t, { state: 'held', step: 'hold' })
    else if (age > 3) Object.assign(t, { state: 'curing', step: 'cure' })
    else Object.assign(t, { state: 'received', step: 'ask' })
  }
  return t
}
createServer(async (req, res) => {
  const url = new URL(req.url ?? '/', 'http://x')
  const p = url.pathname
  if (p === '/healthz') return json(res, 200, { status: 'ok', side })
  if (p === '/api/auth/sign-in/email') {
    const b = JSON.parse(String(await body(req)))
    return b.password === 'demo'
      ? json(res, 200, { twoFactorRedirect: true })
      : json(res, 401, { code: 'INVALID' })
  }
  if (p === '/api/auth/two-factor/verify-totp') {
    signedIn = true
    return json(res, 200, {})
  }
  if (p === '/api/auth/sign-out') {
    signedIn = false
    return json(res, 200, {})
  }
  if (p.startsWith('/api/') && !signedIn)
    return json(res, 401, problem('SIGNED-OUT', 'x', 'x', 'x'))
  if (p === '/api/me') return json(res, 200, me())
  if (p === '/api/auth/passkey/list-user-passkeys')
    return json(res, 200, [{ id: 'k', name: '窓口2番の端末', createdAt: at(-9000) }])
  if (p === '/api/transfers' && req.method === 'GET')
    return json(res, 200, { transfers: transfers.map(view) })
  if (p === '/api/transfers') {
    const b = JSON.parse(String(await body(req)))
    const known = transfers.find((t) => t.id === keys.get(b.idempotencyKey))
    if (known) return json(res, 200, known)
    const t: T = {
      id: `n${transfers.length}`,
      number: `S-${1046 + transfers.length}`,
      fileName: b.fileName,
      size: b.size,
      offset: 0,
      purpose: b.purpose,
      state: 'receiving',
      step: 'receive',
      createdAt: at(0),
      removed: [],
      waitingForOtherSide: false,
    }
    keys.set(b.idempotencyKey, t.id)
    transfers.unshift(t)
    return json(res, 200, t)
  }
  const one = transfers.find((t) => p === `/api/transfers/${t.id}`)
  if (one && req.method === 'PATCH') {
    const bytes = await body(req)
    await new Promise((r) => setTimeout(r, 400))
    if (Number(req.headers['upload-offset']) !== one.offset)
      return json(res, 409, { offset: one.offset })
    one.offset += bytes.length
    if (one.offset >= one.size) {
      one['done'] = Date.now()
    }
    return json(res, 200, one)
  }
  if (one && req.method === 'DELETE') {
    Object.assign(one, { state: 'cancelled' })
    return json(res, 200, one)
  }
  if (p === '/api/inbox') return json(res, 200, { items: inbox })
  if (p.startsWith('/api/inbox/')) {
    res.writeHead(200, {
      'content-disposition': 'attachment; filename=x',
      'content-type': 'application/octet-stream',
    })
    return res.end('bytes')
  }
  if (p === '/api/approvals')
    return json(res, 200, {
      cards:
        url.searchParams.get('state') === 'decided'
          ? cards.filter((c) => c['state'] !== 'held')
          : cards.filter((c) => c['state'] === 'held'),
    })
  const card = cards.find((c) => p.startsWith(`/api/approvals/${c['number']}`))
  if (card) {
    if (p.endsWith('/preview'))
      return json(
        res,
        200,
        card['number'] === 'S-1046'
          ? { kind: 'pdf', pages: 2 }
          : {
              kind: 'table',
              sheets: [
                {
                  name: '見積',
                  more: true,
                  rows: [
                    ['番号', '品名', '数量', '単価', '金額'],
                    ...Array.from({ length: 20 }, (_, i) => [
                      String(i).padStart(6, '0'),
                      '鋼材 ' + i,
                      String(i * 3),
                      '1,200',
                      String(i * 3600),
                    ]),
                  ],
                },
              ],
            },
      )
    if (p.endsWith('/file')) {
      const f = '/tmp/mock.pdf'
      res.writeHead(existsSync(f) ? 200 : 404, { 'content-type': 'application/pdf' })
      return res.end(existsSync(f) ? readFileSync(f) : '')
    }
    if (req.method === 'POST') {
      const b = JSON.parse(String(await body(req)))
      if (b.sha256 !== card['sha256'])
        return json(res, 409, problem('BOUND', '承認できませんでした。', 'x', 'y'))
      Object.assign(card, {
        state: b.decision === 'approve' ? 'delivered' : 'returned',
        decidedBy: '辻󠄁 課長',
        comment: b.comment,
      })
      return json(res, 200, card)
    }
    return json(res, 200, card)
  }
  if (p === '/api/evidence') {
    const page = Number(url.searchParams.get('page') ?? 1)
    const all = entries
      .map((entry, index) => ({
        index,
        entry,
        sentence: `髙橋 𠮷子さんの「葛󠄂城.docx」について、${entry.kind}を記録しました。`,
      }))
      .filter((r) => !url.searchParams.get('kind') || r.entry.kind === url.searchParams.get('kind'))
      .toReversed()
    return json(res, 200, {
      rows: all.slice((page - 1) * 50, page * 50),
      page,
      pages: Math.ceil(all.length / 50),
      total: all.length,
      checkpoint: note,
    })
  }
  const proof = /^\/api\/evidence\/(\d+)\/proof$/.exec(p)
  if (proof) {
    const n = Number(proof[1])
    return json(res, 200, {
      index: n,
      entry: leaves[n]!.toString('base64'),
      leaf: leafHashes[n]!.toString('hex'),
      path: path(n, leafHashes).map((b) => b.toString('hex')),
      checkpoint: note,
      key: `${origin}+${id.toString('hex')}+${blob.toString('base64')}`,
    })
  }
  if (p.startsWith('/api/')) return json(res, 404, problem('NOT-FOUND', 'ありません', 'x', 'y'))
  const file = join(DIST, p)
  const types: Record<string, string> = {
    js: 'text/javascript',
    css: 'text/css',
    svg: 'image/svg+xml',
    html: 'text/html; charset=utf-8',
  }
  const real = p !== '/' && existsSync(file) ? file : join(DIST, 'index.html')
  res.writeHead(200, {
    'content-type': types[real.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'content-security-policy': CSP,
  })
  res.end(readFileSync(real))
}).listen(port, '127.0.0.1')
