import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { afterAll, describe, expect, it } from 'vitest'
import { makeAuthority, readAuthority, showAuthority } from './authority.ts'
import { readNameConstraints, writeNameConstraints } from './name-constraints.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-ca-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0
const folder = (): string => join(root, String((count += 1)))
const HOSTS = ['login.microsoftonline.com', 'login.live.com']

describe('the authority of a town', () => {
  it('is made once, its key for its owner only, and is shown without the key', async () => {
    const data = folder()
    const shown = await makeAuthority(data, { town: '霞町', hosts: HOSTS })
    expect(shown.hosts).toEqual(HOSTS)
    expect(statSync(join(data, 'ca/key.pem')).mode & 0o777).toBe(0o600)
    expect(statSync(join(data, 'ca')).mode & 0o077).toBe(0)
    const key = readFileSync(join(data, 'ca/key.pem'), 'utf8').split('\n')[1] ?? ''
    expect(JSON.stringify([shown, await showAuthority(data)])).not.toContain(key.slice(0, 20))
    const said = execFileSync('openssl', [
      'x509',
      '-in',
      shown.file,
      '-noout',
      '-fingerprint',
      '-sha256',
    ]).toString()
    expect(said.trim().endsWith(`=${shown.fingerprint}`)).toBe(true)
    await expect(makeAuthority(data, { town: '霞町', hosts: HOSTS })).rejects.toThrow('もう認証局')
    expect(await readAuthority(data)).toBeDefined()
  })

  it('is not used when others can read its key, when it is over, and when there is none', async () => {
    const data = folder()
    expect(await readAuthority(data)).toBeUndefined()
    await makeAuthority(data, { town: '霞町', hosts: HOSTS })
    await expect(readAuthority(data, new Date('2036-01-01T00:00:00Z'))).rejects.toThrow('期限')
    chmodSync(join(data, 'ca/key.pem'), 0o640)
    await expect(readAuthority(data)).rejects.toThrow('chmod 600')
  })

  it('cannot speak for another name, says OpenSSL, even when its key is stolen', async () => {
    const data = folder()
    const { file } = await makeAuthority(data, { town: '霞町', hosts: HOSTS })
    const authority = (await readAuthority(data))!
    const verified = async (names: x509.JsonGeneralNames): Promise<string> => {
      const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
        'sign',
        'verify',
      ])
      const forged = await x509.X509CertificateGenerator.create({
        subject: 'CN=forged',
        issuer: authority.certificate.subject,
        signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
        publicKey: keys.publicKey,
        signingKey: authority.key,
        extensions: [new x509.SubjectAlternativeNameExtension(names)],
      })
      const path = join(data, 'forged.pem')
      writeFileSync(path, forged.toString('pem'))
      try {
        return execFileSync('openssl', ['verify', '-CAfile', file, path], {
          stdio: 'pipe',
        }).toString()
      } catch (error) {
        return String((error as { stderr: unknown }).stderr)
      }
    }
    expect(await verified([{ type: 'dns', value: 'login.live.com' }])).toContain(': OK')
    expect(await verified([{ type: 'dns', value: 'www.bank.example' }])).toContain(
      'permitted subtree violation',
    )
    expect(await verified([{ type: 'ip', value: '192.0.2.1' }])).toContain(
      'excluded subtree violation',
    )
    expect(await verified([{ type: 'ip', value: '2001:db8::1' }])).toContain(
      'excluded subtree violation',
    )
    expect(readdirSync(join(data, 'ca')).toSorted()).toEqual(['cert.pem', 'key.pem'])
  })
})

describe('its constraints', () => {
  it('are written and read back for a list longer than two bytes can say', () => {
    const hosts = Array.from({ length: 3_000 }, (_, nth) => `host-${nth}.long-name.example.co.jp`)
    const der = writeNameConstraints(hosts)
    expect(der.length).toBeGreaterThan(0xff_ff)
    expect(readNameConstraints(der)).toEqual(hosts)
  })

  it('are read back as they were written, short or long', () => {
    for (const number of [1, 2, 9, 40]) {
      const hosts = Array.from({ length: number }, (_, nth) => `host-${nth}.login.example.com`)
      expect(readNameConstraints(writeNameConstraints(hosts))).toEqual(hosts)
    }
  })

  it('are not guessed at: what somebody else wrote is no authority of ours', () => {
    const der = writeNameConstraints(['a.example'])
    for (let at = 0; at < der.length; at += 1) {
      const other = Buffer.from(der)
      other[at] = other[at]! ^ 0x80
      expect(() => readNameConstraints(other)).toThrow('another kind')
      expect(() => readNameConstraints(der.subarray(0, at))).toThrow('another kind')
    }
  })
})
