import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { partsOf } from '@sekisho/disarm'
import { createLog, createLogKey } from '@sekisho/evidence'
import { TEMPLATE_NAMES } from '@sekisho/town'
import { COMMANDS } from './commands.ts'
import { run } from './run.test-support.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const KASUMI = join(ROOT, 'examples', 'kasumi', 'town.yaml')
const folder = mkdtempSync(join(tmpdir(), 'sekisho-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('check', () => {
  it('the example town has findings, each with rule, clause, edition, verified, severity, message, cure, path and line', async () => {
    const { code, out } = await run('check', KASUMI, '--format', 'json')
    expect(code).toBe(3)
    const { findings } = JSON.parse(out)
    expect(findings.length).toBeGreaterThan(4)
    for (const finding of findings) {
      expect(Object.keys(finding)).toEqual(
        expect.arrayContaining([
          'rule',
          'clause',
          'edition',
          'verified',
          'severity',
          'message',
          'cure',
          'path',
          'line',
        ]),
      )
      expect(finding.line).toBeGreaterThan(1)
    }
  })

  it('a file that is not a town is answered with place and cure, never with a stack trace', async () => {
    const { code, out, err } = await run('check', file('bad.yaml', 'town: [1,2\n'))
    expect(code).toBe(3)
    expect(out).toContain('直し方')
    expect(out + err).not.toMatch(/\bat .*\.ts:\d+/u)
  })

  it('a file that is not there is exit code 1 and one sentence', async () => {
    const { code, err } = await run('check', join(folder, 'nowhere.yaml'))
    expect(code).toBe(1)
    expect(err).toContain('見つかりません')
  })

  it.each([
    ['--edition', 'R99'],
    ['--at', '2026-02-30'],
    ['--format', 'pdf'],
    ['--formt', 'json'],
  ])('%s %s is answered as wrong use', async (flag, value) => {
    const { code, err } = await run('check', KASUMI, flag, value)
    expect(code).toBe(2)
    expect(err).toContain('使い方')
  })

  it('Excel holds what JSON holds, and passes our own gate', async () => {
    const out = join(folder, '指摘.xlsx')
    const { code } = await run(
      'check',
      KASUMI,
      '--at',
      '2026-11-25',
      '--format',
      'excel',
      '--out',
      out,
    )
    expect(code).toBe(3)
    expect((await run('verify-clean', out)).code).toBe(0)
    const { findings } = JSON.parse(
      (await run('check', KASUMI, '--at', '2026-11-25', '--json')).out,
    )
    const sheet = Buffer.from(
      partsOf(readFileSync(out)).get('xl/worksheets/sheet1.xml')!,
    ).toString()
    for (const { rule } of findings) expect(sheet).toContain(`>${rule}<`)
    expect(sheet.match(/<row /gu)).toHaveLength(findings.length + 1)
  })

  it('Excel needs a file to go to; CSV goes where text goes', async () => {
    const { code, err } = await run('check', KASUMI, '--format', 'excel')
    expect(code).toBe(2)
    expect(err).toContain('--out')
    expect((await run('check', KASUMI, '--format', 'csv')).out.startsWith('\uFEFF"規則"')).toBe(
      true,
    )
  })

  it('a slip of the hand is answered with the right word', async () => {
    expect((await run('chek')).err).toContain('sekisho check')
    expect((await run('check', KASUMI, '--formt', 'json')).err).toContain('--format')
  })
})

describe('diff', () => {
  const diff = (...argv: string[]) => run('diff', KASUMI, '--at', '2026-11-22', ...argv)

  it('two editions: what comes with its cure, what goes, how many', async () => {
    const { code, out } = await diff('--edition', 'R7.3..R6.10')
    expect(code).toBe(0)
    expect(out).toMatch(/^＋ ZN-12※ /u)
    expect(out).toContain('直し方')
    expect(out).toContain('加わる指摘は1件、なくなる指摘は0件です。')
    expect((await diff('--edition', 'R6.10..R7.3')).out).toMatch(/^－ ZN-12※ /u)
  })

  it('exit code 10 is asked for, and only for a difference', async () => {
    expect((await diff('--edition', 'R6.10..R7.3', '--detailed-exitcode')).code).toBe(10)
    expect((await diff('--edition', 'R8.3..R8.3', '--detailed-exitcode')).code).toBe(0)
  })

  it('JSON names editions, day and findings', async () => {
    const { out } = await diff('--edition', 'R6.10..R7.3', '--json')
    expect(JSON.parse(out)).toMatchObject({
      kind: 'EditionDiff',
      from: 'R6.10',
      to: 'R7.3',
      at: '2026-11-22',
      appear: [],
      vanish: [{ rule: 'ZN-12', path: 'zones[0]' }],
    })
  })

  it.each([
    [],
    ['--edition', 'R7.3'],
    ['--edition', 'R7.3..R9'],
    ['--edition', 'R4.3..R5.3..R6.10'],
  ])('wrong use is answered as such', async (...argv) => {
    const { code, err } = await diff(...argv)
    expect(code).toBe(2)
    expect(err).toContain('使い方')
  })

  it('a file that is not a town is answered with place and cure', async () => {
    const { code, out } = await run(
      'diff',
      file('bad2.yaml', 'town: [1,2\n'),
      '--edition',
      'R7.3..R8.3',
    )
    expect(code).toBe(3)
    expect(out).toContain('直し方')
  })
})

describe('test', () => {
  it('the example town holds what it says of itself', async () => {
    expect((await run('test', KASUMI)).code).toBe(0)
  })
  it('a town whose test is red says so with exit code 3', async () => {
    const text = readFileSync(KASUMI, 'utf8').replace('expect: 差止め', 'expect: 通過')
    expect((await run('test', file('red.yaml', text))).code).toBe(3)
  })
})

describe('decide', () => {
  const facts = {
    kind: 'file',
    fromZone: 'internet',
    toZone: 'lgwan',
    level: '2',
    attachmentsRemoved: false,
    textOnly: false,
    redirectionOff: false,
    disarm: 'removed',
    verified: true,
    activeRemoved: 1,
    approvalPolicy: 'active-content',
    approved: false,
    hasPurpose: true,
    encrypted: false,
    outwardApproval: 'external',
    label: 'known',
    myNumbers: 0,
    personalRows: 0,
    macrosKept: 0,
    macroException: false,
    mediaException: false,
  }
  const ask = (change: object) =>
    run(
      'decide',
      file('q.json', JSON.stringify({ question: 'cross', facts: { ...facts, ...change } })),
      '--town',
      KASUMI,
      '--json',
    )

  it.each([
    ['passes after approval', { approved: true }, 0, 'pass'],
    ['is held for a person', {}, 5, 'hold'],
    ['is refused before it is disarmed', { disarm: 'none', verified: false }, 4, 'refuse'],
    ['is refused when a fact has no known value', { kind: 'teleport' }, 4, 'refuse'],
  ])('a file %s', async (_, change, code, result) => {
    const answer = await ask(change)
    expect(answer.code).toBe(code)
    expect(JSON.parse(answer.out).result).toBe(result)
  })

  it('a missing fact is refused, not skipped', async () => {
    const request = file(
      'missing.json',
      JSON.stringify({ question: 'cross', facts: { kind: 'file' } }),
    )
    expect((await run('decide', request, '--town', KASUMI, '--json')).code).toBe(4)
  })

  it('a request that is not JSON is wrong use', async () => {
    expect((await run('decide', file('q.txt', 'いいですか'), '--town', KASUMI)).code).toBe(2)
  })
})

describe('explain', () => {
  it('says what a class is called elsewhere, and that a bare level means nothing', async () => {
    const former = await run('explain', '旧機密性3')
    expect([former.code, former.out]).toEqual([0, expect.stringContaining('自治体機密性3B')])
    const bare = await run('explain', '機密性3')
    expect([bare.code, bare.out]).toEqual([2, expect.stringContaining('決まりません')])
    expect((await run('explain', '機密性３')).out).toBe(bare.out)
    expect((await run('explain', '３Ｂ')).out).toContain('自治体機密性3B　国機密性2　旧機密性3')
  })
})

describe('roadmap, without a target', () => {
  it('whoever asks for a model is shown what it would change, and no flag that shares no letter', async () => {
    const flag = await run('roadmap', KASUMI, '--to', 'β′')
    expect([flag.code, flag.err]).toEqual([2, expect.stringContaining('target.yaml')])
    expect(flag.err).not.toContain('もしかして')
    expect((await run('roadmap', KASUMI)).err).toContain('sekisho assess --to β′')
  })
})

describe('explain, by clause', () => {
  it('an article leads to its rules, and what is not there says where numbers stand', async () => {
    const article = await run('explain', '番号法19条')
    expect([article.code, article.out]).toEqual([0, expect.stringContaining('PRV-MN-PROVIDE')])
    expect(JSON.parse((await run('explain', '番号法19条', '--json')).out).kind).toBe('Clause')
    const nothing = await run('explain', 'ありもしない\u001b[31m')
    expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('ZN-06')])
    expect(nothing.err).not.toContain('\u001b')
  })
})

describe('open points', () => {
  it('are listed, and explained one by one with both readings', async () => {
    const list = await run('explain')
    expect([list.code, list.out]).toEqual([0, expect.stringMatching(/O1 .*\n(.*\n)*.*O10/u)])
    const { code, out } = await run('explain', 'O5')
    expect(code).toBe(0)
    for (const words of [
      '「3B」（class-3B）',
      '「2」（class-2）',
      '初めの読み方',
      'classify',
      'CL-3B-TRANSACTION',
    ])
      expect(out).toContain(words)
    const json = JSON.parse((await run('explain', 'O3', '--json')).out)
    expect(json).toMatchObject({ kind: 'OpenPoint', point: { id: 'O3', default: 'destroy' } })
  })

  const transaction = JSON.parse(
    readFileSync(join(ROOT, 'packages/guideline/questions/classify.json'), 'utf8'),
  ).examples.find(({ title }: { title: string }) => title.includes('初めの読み方')).facts
  const request = () =>
    file('o5.json', JSON.stringify({ question: 'classify', facts: transaction }))

  it('stand beside a decision that hangs on one, with what the other reading would say', async () => {
    const { out } = await run('decide', request(), '--town', KASUMI)
    expect(out).toContain('解釈が分かれています（O5）')
    expect(out).toContain('こう読むと　○ 通過、機密性 自治体機密性2')
  })

  it('are decided by the town, not by the request', async () => {
    const chosen = `${readFileSync(KASUMI, 'utf8')}\nreadings:\n  O5: { reading: class-2, approvedBy: 町長, title: 分類の読み方, date: 2026-04-01 }\n`
    const town = file('class-2.yaml', chosen)
    const level = async (path: string) =>
      JSON.parse((await run('decide', request(), '--town', path, '--json')).out).found.level
    expect([await level(KASUMI), await level(town)]).toEqual(['自治体機密性3B', '自治体機密性2'])
    const bare = await run(
      'check',
      file(
        'no-paper.yaml',
        chosen.replace('title: 分類の読み方, date: 2026-04-01', 'title: 分類の読み方'),
      ),
    )
    expect([bare.code, bare.out]).toEqual([3, expect.stringContaining('TOWN-READING-PAPER')])
  })
})

describe('decisions that come back', () => {
  it('are listed from a folder of evidence, with nothing that repaints the terminal', async () => {
    const dir = join(folder, 'log')
    const { signer } = createLogKey('test.sekisho.example')
    const log = await createLog({ dir, origin: 'test.sekisho.example', signer })
    const decided = (number: string, registerUntil: string): Promise<unknown> =>
      log.append(number, {
        v: 1,
        kind: 'decided',
        at: '2026-04-01T00:00:00Z',
        side: 'high',
        model: '0'.repeat(64),
        actor: 'yamada',
        number,
        detail: {
          question: 'register-flow',
          subject: 'e\u202ELTAX',
          result: 'pass',
          facts: JSON.stringify({ registerUntil }),
        },
      })
    await decided('D-1', '2020-03-31')
    await decided('D-2', '2999-03-31')
    await log.close()
    const { code, out } = await run('decide', '--due', dir)
    expect([code, out]).toEqual([3, expect.stringContaining('2020-03-31  過ぎています  D-1')])
    expect(out).not.toMatch(/D-2|\u202E/u)
  })
})

describe('decide, by form', () => {
  it('lists the questions, describes one, and gives a request to be changed', async () => {
    expect((await run('decide')).out).toContain('classify')
    const template = JSON.parse((await run('decide', 'classify', '--template')).out)
    const answered = await run(
      'decide',
      file(
        'form.json',
        JSON.stringify({ ...template, facts: { ...template.facts, bidSecret: true } }),
      ),
      '--town',
      KASUMI,
      '--json',
    )
    expect(answered.code).toBe(0)
    expect(JSON.parse(answered.out)).toMatchObject({
      result: 'pass',
      found: { level: '自治体機密性3C' },
      facts: { model: 'α' },
    })
  })

  it('a name that is neither a question nor a file is wrong use, and the question meant is named', async () => {
    const slip = await run('decide', 'clasify', '--town', KASUMI)
    expect([slip.code, slip.err]).toEqual([
      2,
      expect.stringContaining('classify（情報資産の分類）'),
    ])
    expect((await run('decide', 'クラウド')).err).toContain('use-cloud')
    expect((await run('decide', 'classify', 'use-cloud')).code).toBe(2)
    for (const question of ['clasify', { toString: 1 }, null]) {
      const request = file('slip.json', JSON.stringify({ question, facts: {} }))
      const answer = await run('decide', request, '--town', KASUMI)
      expect([answer.code, answer.err]).toEqual([2, expect.stringContaining('sekisho decide')])
    }
  })

  it('answers the questions of the study group by example, before anything is asked', async () => {
    const { out } = await run('decide', 'classify')
    expect(out).toMatch(/職員の人事情報\n\s+自治体機密性3C/u)
    expect(out).toMatch(/電子申請1件のデータ（2と読むと決めた団体）\n\s+自治体機密性2/u)
    expect((await run('decide', 'use-cloud')).out).toMatch(/電子申請1件の情報[^\n]*\n\s+○ 通過/u)
  })

  it('half the facts get no class, and every missing answer is named with its choices', async () => {
    const half = { publication: 'closed', personalContent: 'staff', secretMark: 'nope', bogus: 1 }
    const request = file('half.json', JSON.stringify({ question: 'classify', facts: half }))
    const answer = await run('decide', request, '--town', KASUMI)
    expect(answer.code).toBe(4)
    expect(answer.out).not.toMatch(/機密性　/u)
    expect(answer.out).toContain('extent　どれだけの人の情報ですか')
    expect(answer.out).toContain('secretMark')
    expect(answer.out).not.toContain('personalContent')
    expect(answer.out).toContain('1件あります。消してください')
    expect(answer.out).not.toContain('--town')
    const json = JSON.parse((await run('decide', request, '--json')).out)
    expect([json.result, json.basis, json.found]).toEqual(['refuse', 'error', {}])
    expect((await run('decide', request)).out).toContain('--town')
  })
})

describe('disarm and verify-clean', () => {
  it('one JSON line per file, in the order named; a refused file leaves no output', async () => {
    const out = join(folder, 'clean')
    const good = file('住民の声 葛\u{E0102}城・𠮷・髙・﨑.csv', '氏名,意見\r\n髙橋,よい\r\n')
    const bad = file('setup.exe', Buffer.from('MZ\u0090\u0000'))
    const result = await run('disarm', bad, good, '--out', out, '--json', '--jobs', '2')
    expect(result.code).toBe(4)
    const lines = result.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map((line) => line.file)).toEqual([bad, good])
    expect(lines[0]).toMatchObject({ verdict: 'refused', reason: 'TYPE-DENIED', removed: [] })
    expect(lines[1]).toMatchObject({ verdict: 'confirmed-absent', type: 'csv' })
    expect(lines[1].outputSha256).toMatch(/^[0-9a-f]{64}$/u)
    expect(readdirSync(out)).toEqual(['住民の声 葛\u{E0102}城・𠮷・髙・﨑.csv'])
    expect((await run('verify-clean', lines[1].output)).code).toBe(0)
  })

  it('an output never takes the place of an input or of another output', async () => {
    const sub = mkdtempSync(join(folder, 'same-'))
    const input = join(sub, 'a.csv')
    writeFileSync(input, 'a,b\r\n')
    const { out } = await run('disarm', input, file('a.csv', 'c,d\r\n'), '--out', sub, '--json')
    const outputs = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).output)
    expect(new Set([input, ...outputs]).size).toBe(3)
    expect(readFileSync(input, 'utf8')).toBe('a,b\r\n')
  })

  it('a file that cannot be read does not stop the others', async () => {
    const good = file('ok.txt', 'よい\n')
    const { code, out, err } = await run(
      'disarm',
      join(folder, 'none.txt'),
      good,
      '--out',
      join(folder, 'o2'),
      '--json',
    )
    expect(code).toBe(1)
    expect(JSON.parse(out).file).toBe(good)
    expect(err).toContain('none.txt')
  })

  it('an active file is not clean', async () => {
    const html = file('page.txt', '<html><script>alert(1)</script>')
    const { code, out } = await run('verify-clean', html)
    expect(code).toBe(4)
    expect(out).toContain('VERIFY-TEXT-TYPE')
  })
})

describe('new, fmt, schema, explain', () => {
  it('a new town checks clean, with certificates for two hosts', async () => {
    const town = join(folder, 'わたしのまち')
    expect((await run('new', 'alpha', town)).code).toBe(0)
    expect((await run('check', join(town, 'town.yaml'))).code).toBe(0)
    for (const side of ['low', 'high'])
      expect(existsSync(join(town, 'certificates', side, 'key.pem'))).toBe(true)
    expect((await run('new', 'alpha', town)).code).toBe(2)
  })

  it.each(Object.keys(TEMPLATE_NAMES))('a new town of %s is written and proved', async (model) => {
    const folderOf = join(folder, `new-${model}`)
    expect((await run('new', model, folderOf)).code).toBe(0)
    const town = join(folderOf, 'town.yaml')
    expect((await run('check', town)).code).toBe(0)
    const rules = join(folderOf, 'rules')
    expect((await run('render', '--town', town, '--out', rules)).code).toBe(0)
    const held = join(rules, 'sekisho.nft')
    expect((await run('prove', '--town', town, '--ruleset', held)).code).toBe(0)
  })

  it('a word that is no model makes no folder, and is told what there is', async () => {
    const town = join(folder, 'no-model')
    const { code, err } = await run('new', 'gamma', town)
    expect(code).toBe(2)
    for (const model of Object.keys(TEMPLATE_NAMES)) expect(err).toContain(model)
    expect(existsSync(town)).toBe(false)
  })

  it('fmt --check says whether, fmt mends, comments stay', async () => {
    const text = readFileSync(KASUMI, 'utf8')
    const untidy = file('untidy.yaml', text.replace('  staff: 184', '  staff:    184   # 注釈'))
    expect((await run('fmt', untidy, '--check')).code).toBe(3)
    expect((await run('fmt', untidy)).code).toBe(0)
    expect((await run('fmt', untidy, '--check')).code).toBe(0)
    expect(readFileSync(untidy, 'utf8')).toContain('# 注釈')
  })

  it('the published schema is what the program gives', async () => {
    const { out } = await run('schema')
    expect(JSON.parse(out)).toEqual(
      JSON.parse(readFileSync(join(ROOT, 'schema', 'town.schema.json'), 'utf8')),
    )
  })

  it.each(['ZN-06', 'X3-DISARM', 'OX-VBA', 'TYPE-DENIED'])('%s is explained', async (id) => {
    const { code, out } = await run('explain', id)
    expect(code).toBe(0)
    expect(out).toContain(id)
  })

  it('an unknown id is answered with the nearest one', async () => {
    const { code, err } = await run('explain', 'ZN-6')
    expect(code).toBe(2)
    expect(err).toContain('ZN-06')
  })
})

describe('account', () => {
  it('somebody of the town gets a password and a key, told once', async () => {
    const data = join(folder, 'data')
    const { code, out } = await run(
      'account',
      'add',
      's0004',
      '--email',
      'a@kasumi.example',
      '--side',
      'high',
      '--town',
      KASUMI,
      '--data',
      data,
    )
    expect(code).toBe(0)
    expect(out).toContain('確認コードの鍵')
    expect(existsSync(join(data, 'high', 'enrol.json'))).toBe(true)
    expect(existsSync(join(data, 'low', 'enrol.json'))).toBe(false)
  })
  it('nobody from outside the declaration does', async () => {
    const { code, err } = await run(
      'account',
      'add',
      'x9',
      '--email',
      'a@kasumi.example',
      '--side',
      'low',
      '--town',
      KASUMI,
      '--data',
      folder,
    )
    expect(code).toBe(2)
    expect(err).toContain('宣言にいません')
  })
})

describe('help', () => {
  it.each(COMMANDS.map((command) => command.name))(
    '%s --help shows use, flags and exit codes',
    async (name) => {
      const { code, out } = await run(name, '--help')
      expect(code).toBe(0)
      expect(out).toContain('使い方')
      expect(out).toContain('終了コード')
    },
  )

  it.each(['bash', 'zsh', 'fish', 'powershell'])(
    'completion for %s names every command',
    async (shell) => {
      const { out } = await run('completion', shell)
      for (const command of COMMANDS) expect(out).toContain(command.name)
    },
  )
})

describe('roadmap', () => {
  const TARGET = join(ROOT, 'examples', 'kasumi-alpha-prime', 'target.yaml')

  it('plans the way of the example town to α′, each step checked and in its fiscal year', async () => {
    const { code, out } = await run('roadmap', KASUMI, TARGET, '--at', '2026-11-25', '--json')
    expect(code).toBe(0)
    const { outcome, steps, target } = JSON.parse(out)
    expect(outcome).toBe('found')
    expect(target.findings).toEqual([])
    const model = steps.findIndex((step: { subjects: string[] }) =>
      step.subjects.includes('town.model'),
    )
    const breakout = steps.findIndex((step: { subjects: string[] }) =>
      step.subjects.includes('flows.kaigi-lbo'),
    )
    expect(model).toBeLessThan(breakout)
    expect(steps[model].controls).toHaveLength(14)
    expect(steps.every((step: { after: { beyond: number } }) => step.after.beyond === 0)).toBe(true)
  })

  it('shows a table by fiscal year to people', async () => {
    const { code, out } = await run('roadmap', KASUMI, KASUMI, '--at', '2026-11-25')
    expect(code).toBe(0)
    expect(out).toContain('香澄町　α → α　手順0件')
    expect(out).toContain('△')
  })

  it('a date that cannot be kept is not success', async () => {
    const plan = file('plan.yaml', 'changes: [{ subject: town.model, latest: 2026-12-01 }]\n')
    const { code, out } = await run('roadmap', KASUMI, TARGET, '--plan', plan, '--at', '2027-06-30')
    expect(code).toBe(3)
    expect(out).toContain('までに要りますが')
  })

  it('a declaration or a plan that cannot be read is answered with 1, never with a plan', async () => {
    const bad = file('bad-target.yaml', 'town: [1,2\n')
    expect((await run('roadmap', KASUMI, bad)).code).toBe(1)
    const plan = file('bad-plan.yaml', 'changes: [{ subject: flows.nowhere }]\n')
    const { code, out, err } = await run('roadmap', KASUMI, KASUMI, '--plan', plan)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain('flows.nowhere')
  })
})
