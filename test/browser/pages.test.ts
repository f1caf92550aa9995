/**
 * The pages as tired hands, screen readers, small laptops and bad lines meet them.
 */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { LAPTOP, PHONE, ZOOMED, onDisk, signIn, startBoundary } from './boundary.ts'
import type { Boundary, Role, SideName } from './boundary.ts'
import { macroWorkbook, program, text } from './files.ts'
import type { SentFile } from './files.ts'

const PURPOSE = '議会の資料を作るため'
const LONG = `${'とても長い名前の見積書（葛󠄂城・𠮷田・髙橋・﨑川）'.repeat(4)}.xlsm`

let boundary: Boundary
let card = ''
beforeAll(async () => {
  boundary = await startBoundary()
  const page = await boundary.open('low', 'clerk', '/send')
  await give(page, [macroWorkbook(LONG), program('請求書.pdf'), text('議事録.txt')])
  await page.getByText('承認する人の確認を待っています').waitFor()
  await page.locator('[data-four-lines]').waitFor()
  card = (await rowOf(page, LONG).textContent())?.match(/S-\d+/u)?.[0] ?? ''
  await page.context().close()
}, 120_000)
afterEach(() => boundary?.closePages())
afterAll(() => boundary?.stop())

async function give(page: Page, files: readonly SentFile[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles([...files])
  await page.getByLabel('利用目的').fill(PURPOSE)
  await page.getByRole('button', { name: `${files.length}件を渡す` }).click()
}

/** Waits until the file has come to its end on the other side. */
function arrived(page: Page, name: string): Promise<void> {
  return page.locator('[data-standing="delivered"]').filter({ hasText: name }).waitFor()
}

function rowOf(page: Page, name: string) {
  return page.getByRole('listitem').filter({ hasText: name }).filter({ hasText: /S-\d+/u }).first()
}

const PAGES: readonly (readonly [SideName, Role, () => string, string])[] = [
  ['low', 'clerk', () => '/send', '渡したファイル'],
  ['low', 'clerk', () => '/settings', 'パスキーを登録する'],
  ['high', 'clerk', () => '/receive', '差止め'],
  ['high', 'approver', () => '/approve', '内容を見る'],
  ['high', 'approver', () => `/approve/${card}`, '000123'],
  ['high', 'it-officer', () => '/evidence', '記録全体の今の署名'],
  [
    'high',
    'it-officer',
    () => '/evidence?proof=3',
    'この記録は、記録全体の中に正しく入っています。',
  ],
  ['high', 'clerk', () => '/decide', 'どの問いに答えますか'],
  ['high', 'clerk', () => '/decide/classify', '公表するものですか'],
  ['high', 'it-officer', () => '/check', '個の問いのうち'],
  ['high', 'it-officer', () => '/check?tab=cut&target=peer:eltax', 'を止めると'],
  ['high', 'it-officer', () => '/check?tab=self-check', '求められる'],
  ['high', 'it-officer', () => '/check?tab=models&to=β′', '新しく求められる対策'],
  ['high', 'it-officer', () => '/check?tab=calendar', 'これからの期限'],
  ['high', 'it-officer', () => '/check?tab=risk', '残るリスクは'],
  ['high', 'clerk', () => '/nowhere', 'この画面はありません'],
  ['high', 'clerk', () => '/send', 'この画面は、もう一方の側にあります'],
]

const title = ([side, role, , seen]: (typeof PAGES)[number]): string => `${side} ${role} ${seen}`

describe.each(PAGES.map((page) => [title(page), page] as const))(
  '%s',
  (_title, [side, role, path, seen]) => {
    it('has no finding of axe, fits 1366 × 768, 200 % and a phone, and shows where it is', async () => {
      const page = await boundary.open(side, role, path())
      await page.getByText(seen).first().waitFor()
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
      for (const size of [LAPTOP, ZOOMED, PHONE]) {
        await page.setViewportSize(size)
        const over = await page.evaluate(() =>
          Math.max(0, document.documentElement.scrollWidth - innerWidth),
        )
        expect([size.width, over]).toEqual([size.width, 0])
      }
      const zone = page.locator('[data-zone]')
      expect(await zone.getAttribute('data-zone')).toBe(side)
      expect(await zone.textContent()).toContain(
        side === 'low' ? 'インターネット接続系' : 'LGWAN接続系',
      )
      const smallest = await page.evaluate(() =>
        [...document.querySelectorAll('body *')]
          .filter((element) => element.checkVisibility() && element.textContent !== '')
          .map((element) => Number.parseFloat(getComputedStyle(element).fontSize))
          .reduce((a, b) => Math.min(a, b)),
      )
      expect(smallest).toBeGreaterThanOrEqual(14)
      await page.context().close()
    })
  },
)

describe('the sign-in page', () => {
  it('has no finding of axe in either step and tells which side it is', async () => {
    const page = await boundary.openUnknown('low', '/send')
    await page.getByText('渡す側の画面').waitFor()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    const { email, password } = boundary.account('clerk')
    await page.getByLabel('メールアドレス').fill(email)
    await page.getByLabel('パスワード').fill(password)
    await page.keyboard.press('Enter')
    const code = page.getByLabel('確認コード')
    await code.waitFor()
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code')
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  })

  it('says plainly when password or code do not fit, and shows nothing behind it', async () => {
    const page = await boundary.openUnknown('high', '/evidence')
    const { email, password } = boundary.account('clerk')
    await page.getByLabel('メールアドレス').fill(email)
    await page.getByLabel('パスワード').fill('not-the-password')
    await page.getByRole('button', { name: '次へ' }).click()
    await page.getByText('メールアドレスかパスワードが合いません').waitFor()
    await page.getByLabel('パスワード').fill(password)
    await page.getByRole('button', { name: '次へ' }).click()
    const wrong = String((Number(await boundary.code('clerk')) + 1) % 1_000_000).padStart(6, '0')
    await page.getByLabel('確認コード').fill(wrong)
    await page.getByRole('button', { name: 'サインイン' }).click()
    await page.getByText('確認コードが合いません').waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
  })

  it('leads back to the card of the e-mail that was followed', async () => {
    const page = await boundary.openUnknown('high', `/approve/${card}`)
    const { email, password } = boundary.account('approver')
    await signIn(page, email, password, () => boundary.code('approver'))
    await page.getByRole('heading', { name: `承認する ${card}` }).waitFor()
    expect(new URL(page.url()).pathname).toBe(`/approve/${card}`)
  })
})

describe('a passkey', () => {
  it('is registered, opens both steps at once, and opens nothing once it is removed', async () => {
    const page = await boundary.openUnknown('high', '/settings')
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    })
    const { email, password } = boundary.account('clerk')
    await signIn(page, email, password, () => boundary.code('clerk'))
    await page.getByRole('button', { name: 'パスキーを登録する' }).click()
    await page.getByText('パスキーの名前を書いてください。').waitFor()
    await page.getByLabel('パスキーの名前').fill('窓口2番の端末')
    await page.getByRole('button', { name: 'パスキーを登録する' }).click()
    await page.getByText('パスキーを登録しました。').waitFor()

    const enter = async (): Promise<void> => {
      await page.getByRole('button', { name: 'サインアウト' }).click()
      await page.getByRole('button', { name: 'パスキーでサインイン' }).click()
    }
    await enter()
    await page.getByRole('navigation', { name: '画面の切り替え' }).waitFor()
    await page.goto(`${boundary.town.high.url}/settings`)
    await page.getByRole('button', { name: 'パスキー「窓口2番の端末」を外す' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '外す' }).click()
    await page.getByText('パスキーを外しました。').waitFor()
    await enter()
    await page.getByText('パスキーを使えませんでした').waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
  })
})

describe('with the keyboard alone', () => {
  it('a file is chosen, given, approved on the other side and taken', async () => {
    const send = await boundary.open('low', 'clerk', '/send')
    // Listened for at once: the browser is told of it on another way than the key, and the key may overtake it.
    const chooser = send.waitForEvent('filechooser')
    await tabTo(send, 'ファイルを選ぶ')
    await send.keyboard.press('Enter')
    await (await chooser).setFiles([macroWorkbook('鍵盤の見積書.xlsm')])
    await send.getByText('これから渡すファイル（1件）').waitFor()
    await tabTo(send, '利用目的')
    await send.keyboard.type(PURPOSE)
    await send.keyboard.press('Enter')
    await rowOf(send, '鍵盤の見積書.xlsm').getByText('承認する人の確認を待っています').waitFor()

    const approve = await boundary.open('high', 'approver', '/receive')
    await tabTo(approve, '承認する')
    await approve.keyboard.press('Enter')
    await approve.getByRole('link', { name: /鍵盤の見積書/u }).waitFor()
    await tabTo(approve, '鍵盤の見積書')
    await approve.keyboard.press('Enter')
    await approve.getByRole('button', { name: '承認する' }).waitFor()
    expect(await approve.evaluate(() => document.activeElement?.id)).toBe('main')
    await tabTo(approve, '承認する', 'BUTTON')
    await approve.keyboard.press('Enter')
    await approve.getByText('承認しました').waitFor()

    const inbox = await boundary.open('high', 'clerk', '/receive')
    await inbox.getByRole('button', { name: /鍵盤の見積書/u }).waitFor()
    await tabTo(inbox, '「鍵盤の見積書.xlsx」を受け取る')
    const coming = inbox.waitForEvent('download')
    await inbox.keyboard.press('Enter')
    expect((await coming).suggestedFilename()).toBe('鍵盤の見積書.xlsx')
  })

  it('the first stop leads past the head of the page', async () => {
    const page = await boundary.open('high', 'clerk', '/receive')
    await page.keyboard.press('Tab')
    expect(await activeName(page)).toContain('本文へ進む')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })

  it('a dialog keeps the focus, closes with Esc, and gives the focus back', async () => {
    const page = await boundary.open('high', 'it-officer', '/evidence')
    await page
      .getByRole('button', { name: /の証明を見る/u })
      .first()
      .waitFor()
    await tabTo(page, 'の証明を見る')
    const before = await activeName(page)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('正しく入っています').waitFor()
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('Tab')
      const inside = await page.evaluate(
        () =>
          document.activeElement === document.body ||
          document.activeElement?.closest('dialog') !== null,
      )
      expect(inside).toBe(true)
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await activeName(page)).toBe(before)
  })

  it('the Enter that ends a conversion of the input method sends nothing', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    await page.locator('input[type=file]').setInputFiles([text('変換.txt')])
    const purpose = page.getByLabel('利用目的')
    await purpose.fill('')
    await purpose.focus()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Input.imeSetComposition', {
      text: 'かいぎ',
      selectionStart: 3,
      selectionEnd: 3,
    })
    await page.keyboard.press('Enter')
    await page.getByText('これから渡すファイル（1件）').waitFor()
    expect(await page.getByText('変換.txt').count()).toBe(1)
    expect(await page.getByText('利用目的を書いてください').count()).toBe(0)
  })
})

/** Small pieces, so that a line can be cut in the middle of a small file. */
const PIECE = 65_536

/** The page of somebody whose line is cut when the piece `cutAt` is sent; notes where each piece began. */
async function openOnBadLine(cutAt: (piece: number) => boolean) {
  const page = await boundary.open('low', 'clerk', '/settings')
  const offsets: number[] = []
  await page.route('**/api/me', async (route) => {
    const answer = await route.fetch()
    const me = (await answer.json()) as { limits: object }
    await route.fulfill({ json: { ...me, limits: { ...me.limits, chunkBytes: PIECE } } })
  })
  await page.route('**/api/transfers/*', (route) => {
    const request = route.request()
    if (request.method() !== 'PATCH') return route.continue()
    offsets.push(Number(request.headers()['upload-offset']))
    return cutAt(offsets.length) ? route.abort('connectionreset') : route.continue()
  })
  await page.goto(`${boundary.town.low.url}/send`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, offsets }
}

describe('a line that is cut', () => {
  it('is told, and the file goes on by itself from where it stopped', async () => {
    const { page, offsets } = await openOnBadLine((piece) => piece === 2)
    await give(page, [text('長い議事録.txt', 3 * PIECE - 500)])
    await page.getByText('回線が切れています').first().waitFor()
    await arrived(page, '長い議事録.txt')
    expect(offsets).toEqual([0, PIECE, PIECE, 2 * PIECE])
  })

  it('costs nothing over a reload: the same file chosen again continues, another of the same name does not', async () => {
    let cut = true
    const { page, offsets } = await openOnBadLine((piece) => cut && piece > 1)
    const path = await onDisk(text('途中の議事録.txt', 3 * PIECE - 500))
    await page.locator('input[type=file]').setInputFiles(path)
    await page.getByLabel('利用目的').fill(PURPOSE)
    await page.getByRole('button', { name: '1件を渡す' }).click()
    await page.getByText('回線が切れています').first().waitFor()
    cut = false
    await page.reload()
    await page.getByText('途中で止まっています（33%まで届いています）').waitFor()
    offsets.length = 0
    await page.locator('input[type=file]').setInputFiles([text('途中の議事録.txt', 2 * PIECE)])
    await page.getByText('これから渡すファイル（1件）').waitFor()
    await page.getByRole('button', { name: /一覧から外す/u }).click()
    expect(offsets).toEqual([])
    await page.locator('input[type=file]').setInputFiles(path)
    await page.getByText('前回の続きから渡します').waitFor()
    await arrived(page, '途中の議事録.txt')
    expect(offsets).toEqual([PIECE, 2 * PIECE])
  })

  it('and a double click together still make one transfer', async () => {
    const page = await boundary.open('low', 'approver', '/send')
    await page.locator('input[type=file]').setInputFiles([text('一度だけ.txt')])
    await page.getByLabel('利用目的').fill(PURPOSE)
    let refused = false
    await page.route('**/api/transfers', async (route) => {
      if (route.request().method() !== 'POST' || refused) return route.continue()
      refused = true
      // The server hears it, but its answer is lost.
      await route.fetch()
      return route.abort('connectionreset')
    })
    await page.getByRole('button', { name: '1件を渡す' }).dblclick()
    await arrived(page, '一度だけ.txt')
    const count = await page.evaluate(async () => {
      const list = await fetch('/api/transfers').then((response) => response.json())
      return list.transfers.filter((one: { fileName: string }) => one.fileName === '一度だけ.txt')
        .length
    })
    expect(count).toBe(1)
  })
})

describe('a chosen file', () => {
  it('that is empty is refused at once in four lines, and the others go', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    const empty = { name: '空.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }
    await page.locator('input[type=file]').setInputFiles([empty, text('中身あり.txt')])
    await page.getByText('このファイルは0バイトで、中身がありません。').waitFor()
    await page.getByRole('button', { name: '1件を渡す' }).waitFor()
    const drafts = page.getByRole('region', { name: 'これから渡すファイル' })
    expect(await drafts.locator('[data-four-lines] :is(p, dd)').count()).toBe(4)
  })

  it('dropped beside the area does not replace the page', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    const prevented = await page.evaluate(() => {
      const data = new DataTransfer()
      data.items.add(new File(['x'], 'x.txt'))
      const event = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
      document.body.dispatchEvent(event)
      return event.defaultPrevented
    })
    expect(prevented).toBe(true)
    expect(await page.getByText('これから渡すファイル').count()).toBe(0)
  })

  it('is taken anywhere once the person wants that, and by paste', async () => {
    const page = await boundary.open('low', 'clerk', '/send')
    await page.getByLabel('画面全体でドロップを受け付ける').check()
    await page.evaluate(() => {
      const data = new DataTransfer()
      data.items.add(new File(['x'], '画面のどこか.txt'))
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      )
      const pasted = new DataTransfer()
      pasted.items.add(new File(['y'], '貼り付け.txt'))
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }),
      )
    })
    await page.getByText('これから渡すファイル（2件）').waitFor()
    expect(await page.getByText('貼り付け.txt').isVisible()).toBe(true)
    await page.getByLabel('画面全体でドロップを受け付ける').uncheck()
  })
})

describe('the session', () => {
  it('warns two minutes before its end and keeps what was entered through a new sign-in', async () => {
    const page = await boundary.open('low', 'clerk', '/settings')
    let ends = new Date(Date.now() + 100_000).toISOString()
    await page.route('**/api/me', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ json: { ...((await answer.json()) as object), sessionEnds: ends } })
    })
    await page.goto(`${boundary.town.low.url}/send`)
    await page.getByRole('heading', { name: 'もうすぐサインインの時間が終わります' }).waitFor()
    await page.getByText(/あと1分\d+秒で終わります/u).waitFor()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await page.getByRole('button', { name: '閉じる' }).click()
    await page.getByLabel('利用目的').fill('消えない利用目的')
    await page.locator('input[type=file]').setInputFiles([text('消えないファイル.txt')])
    await page.context().clearCookies()
    ends = new Date(Date.now() + 3_600_000).toISOString()
    await page.unrouteAll()
    await page.getByRole('heading', { name: 'サインインの時間が終わりました' }).waitFor()
    const { email, password } = boundary.account('clerk')
    await page.getByLabel('メールアドレス').fill(email)
    await page.getByLabel('パスワード').fill(password)
    await page.getByRole('button', { name: '次へ' }).click()
    await page.getByLabel('確認コード').fill(await boundary.code('clerk'))
    await page.getByRole('button', { name: 'サインイン' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.getByLabel('利用目的').inputValue()).toBe('消えない利用目的')
    await page.getByText('これから渡すファイル（1件）').waitFor()
  })
})

describe('on paper', () => {
  it('statuses are words, controls are gone, and the filter is stated', async () => {
    const page = await boundary.open('high', 'it-officer', '/evidence?kind=refused')
    await page.getByRole('cell', { name: '差止め' }).first().waitFor()
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
    await page.getByText(/条件：できごと「差止め」/u).waitFor()
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByRole('navigation').count()).toBe(0)
    await page.getByRole('cell', { name: '差止め' }).first().waitFor()
  })
})

describe('the pages', () => {
  it('made the browser complain about nothing', () => {
    expect(boundary.complaints).toEqual([])
  })
})

/** Presses Tab until the focus is on what is called `name`, as somebody without a mouse does. */
async function tabTo(page: Page, name: string, tag = ''): Promise<void> {
  for (let press = 0; press < 80; press += 1) {
    await page.keyboard.press('Tab')
    const found = await activeName(page)
    const tagName = await page.evaluate(() => document.activeElement?.tagName ?? '')
    if (!found.includes(name) || (tag !== '' && tag !== tagName)) continue
    const outline = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body)
      return { style: style.outlineStyle, width: Number.parseFloat(style.outlineWidth) }
    })
    expect(outline).toEqual({ style: 'solid', width: 4 })
    return
  }
  throw new Error(`the keyboard never reached: ${name}`)
}

function activeName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === document.body) return ''
    if (element instanceof HTMLInputElement && element.labels?.[0] !== undefined)
      return element.labels[0].textContent
    return element?.getAttribute('aria-label') ?? element?.textContent ?? ''
  })
}
