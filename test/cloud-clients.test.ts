/** The cloud gate with clients as they are: curl with certificates of terminals, and Chromium that was given the PAC file. */
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inNamespace, whyNoNamespace } from './cloud-clients/namespace.ts'

interface Saw {
  readonly name: string
  readonly out: string
  readonly reached?: boolean
  readonly lines?: readonly Readonly<Record<string, unknown>>[]
}

const why = whyNoNamespace(['/usr/bin/curl', '/usr/bin/chromium'])
describe.skipIf(why !== undefined)(
  `real clients${why === undefined ? '' : ` (skipped: ${why})`}`,
  () => {
    let saw: readonly Saw[] = []
    const of = (name: string): Saw =>
      saw.find((one) => one.name === name) ?? { name, out: 'nothing' }

    beforeAll(() => {
      const inside = join(import.meta.dirname, 'cloud-clients/inside.ts')
      saw = inNamespace(inside, ['13.107.6.152']) as readonly Saw[]
    }, 180_000)

    it.each([
      'the right person',
      'no certificate but a password',
      'certificate and password of one person',
    ])('%s reaches the service', (name) => {
      expect(of(name)).toMatchObject({ reached: true })
      expect(of(name).out).toContain('from the service outside')
      expect(of(name).out).toContain('200 200')
    })

    it.each([
      'a certificate of nobody',
      'a certificate that ended',
      'a person who left',
      'a certificate of another authority',
      'no certificate',
      'certificate of one and password of another',
      'certificate of nobody and a right password',
      'certificate of one who left and a right password',
    ])('%s reaches nothing, and is asked who it is', (name) => {
      expect(of(name)).toMatchObject({ reached: false })
      expect(of(name).out).toContain('407 000')
    })

    it('a browser opens what is allowed, from the service itself', () => {
      expect(of('an allowed site')).toMatchObject({ reached: true })
      expect(of('an allowed site').out).toContain('from the service outside')
    })

    it('a browser hides why a tunnel was refused, and finds it at the gate', () => {
      expect(of('a site that is not listed')).toMatchObject({ reached: false })
      expect(of('a site that is not listed').out).not.toContain('X11-LISTED')
      const page = of('the page of the gate').out
      for (const part of ['www.evil.example:443', 'X11-LISTED', '［利用を申請する］', '情報担当'])
        expect(page).toContain(part)
    })

    it('a program that asks in clear reads why as JSON', () => {
      const { out } = of('a program that reads JSON')
      expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({
        kind: 'CloudRefusal',
        reason: 'X11-LISTED',
      })
    })

    it('has each of them on record under the same number', () => {
      const refused = (of('the record').lines ?? []).filter(({ kind }) => kind === 'refused')
      expect(refused).toContainEqual(
        expect.objectContaining({ target: 'www.evil.example:443', client: 's0001' }),
      )
      const numbers = refused.map(({ number }) => number)
      expect(numbers.some((one) => of('the page of the gate').out.includes(String(one)))).toBe(true)
    })
  },
)
