import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'

/** A program that some tests need and npm cannot bring. */
interface Need {
  /** Debian package. */
  readonly name: string
  readonly why: string
  readonly present: () => boolean
}

const NEEDS: readonly Need[] = [
  { name: 'chromium', why: '画面の試験', present: () => existsSync('/usr/bin/chromium') },
  {
    name: 'fonts-noto-cjk',
    why: '画面の日本語',
    present: () => globSync('/usr/share/fonts/opentype/noto/*CJK*').length > 0,
  },
  {
    name: 'fonts-ipamj-mincho',
    why: 'PDF の名前の字形',
    present: () => existsSync('/usr/share/fonts/truetype/ipamj/ipamjm.ttf'),
  },
  { name: 'qpdf', why: '作った PDF の検査', present: () => onPath('qpdf') },
  { name: 'default-jre-headless', why: 'PDF/A の検査', present: () => onPath('java') },
  ...[
    ['libpdfbox2-java', 'preflight'],
    ['libactivation-java', 'javax.activation'],
    ['libjaxb-api-java', 'jaxb-api'],
  ].map(([name, jar]) => ({
    name: name!,
    why: 'PDF/A の検査',
    present: () => existsSync(`/usr/share/java/${jar}.jar`),
  })),
  {
    name: 'postgresql',
    why: 'PostgreSQL での記録の試験',
    present: () => globSync('/usr/lib/postgresql/*/bin/initdb').length > 0,
  },
  { name: 'e2fsprogs', why: '電源断の試験', present: () => onPath('mkfs.ext4') },
  { name: 'mount', why: '電源断の試験', present: () => onPath('losetup') },
  { name: 'util-linux', why: '無害化の隔離', present: () => onPath('unshare') },
  { name: 'bubblewrap', why: '無害化の箱', present: () => onPath('bwrap') },
  { name: 'poppler-utils', why: '画像化', present: () => onPath('pdftoppm') },
  ...['writer', 'calc', 'impress', 'draw'].map((part) => ({
    name: `libreoffice-${part}-nogui`,
    why: '古い Office 形式の変換',
    present: () => existsSync(`/usr/lib/libreoffice/share/registry/${part}.xcd`),
  })),
  { name: 'clamav-daemon', why: 'ウイルス検査との受け答え', present: () => onPath('clamd') },
  {
    name: 'nftables',
    why: 'ファイアウォールの文の試験',
    present: () => existsSync('/usr/sbin/nft'),
  },
  { name: 'iproute2', why: '接続できないことの試験', present: () => onPath('ip') },
  { name: 'swaks', why: 'メールの受け取りの試験', present: () => onPath('swaks') },
  { name: 'zip', why: 'パスワード付きの添付の試験', present: () => onPath('zip') },
  { name: 'unzip', why: 'パスワード付きの添付の試験', present: () => onPath('unzip') },
  { name: 'postfix', why: 'メールの受け取りの試験', present: () => onPath('postfix') },
]

/**
 * Installs what the tests need when we may (root on a Debian family system), and says exactly what is missing when
 * we may not.
 */
export async function systemPackages(): Promise<{ readonly missing: readonly string[] }> {
  const wanted = NEEDS.filter((need) => !need.present())
  if (wanted.length === 0) return { missing: [] }
  const names = wanted.map((need) => need.name)
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return tell(wanted)
  process.stdout.write(`足りないシステムパッケージを入れます: ${names.join(' ')}\n`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  for (const call of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...names],
  ]) {
    const run = spawnSync('apt-get', call, {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    })
    if (run.status !== 0) process.stderr.write(`apt-get ${call[0]}: ${run.stderr.slice(-2000)}\n`)
  }
  return tell(NEEDS.filter((need) => !need.present()))
}

function tell(wanted: readonly Need[]): { readonly missing: readonly string[] } {
  const names = wanted.map((need) => need.name)
  if (names.length > 0) {
    process.stderr.write(
      `次のシステムパッケージがありません。\n${wanted.map((need) => `  ${need.name}（${need.why}）`).join('\n')}\n` +
        `管理者に次の1行を頼んでください。\n  sudo apt-get install -y ${names.join(' ')}\n`,
    )
  }
  return { missing: names }
}

/** Looks where an ordinary user's PATH often does not: sbin. */
function onPath(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)))
}
