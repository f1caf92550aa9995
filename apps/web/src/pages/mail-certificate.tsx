import type { MailCertificate, MailPage } from '@sekisho/server/api'
import { Digest } from '../ui/digest.tsx'
import { Facts } from '../ui/facts.tsx'
import { More } from '../ui/more.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { Cell, Table } from '../ui/table.tsx'
import { When } from '../ui/when.tsx'
import { nameParts, safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Sentences } from './changes.tsx'
import { InsideLink } from './inside-link.tsx'
import { RuleId } from './rule-id.tsx'

/** What was done to a mail: every part of it is accounted for, and the number under its text leads here. */
export function MailCertificateView(props: {
  readonly certificate: MailCertificate
  readonly mail: MailPage
}) {
  const { certificate, mail } = props
  return (
    <section aria-labelledby="mail-happened">
      <h3 id="mail-happened" className="text-std-18B-160">
        {say('mail.happened')}
      </h3>
      {certificate.flattened && <p>{say('mail.flattened')}</p>}
      <Facts rows={notable(certificate)} />
      {mail.authenticity.length > 0 && (
        <>
          <h4 className="text-std-16B-170 mt-2">{say('mail.authenticity')}</h4>
          <Sentences sentences={mail.authenticity} />
        </>
      )}
      <Deliveries mail={mail} />
      <More word={say('frame.details')}>
        <Facts
          rows={[
            { name: say('mail.size'), value: sizeText(certificate.originalBytes) },
            { name: say('mail.sha'), value: <Digest>{certificate.originalSha256}</Digest> },
            { name: say('mail.fieldsKept'), value: certificate.fieldsKept.join('、') },
            {
              name: say('mail.fieldsLeft'),
              value: say('mail.fieldsLeftCount', { count: certificate.fieldsLeftOut }),
            },
          ]}
        />
        <p className="text-dns-16N-130 my-2">{say('mail.original')}</p>
        <InsideLink
          href={`/evidence?${new URLSearchParams({ number: mail.number }).toString()}`}
          word={say('receive.evidence')}
        />
      </More>
    </section>
  )
}

function notable({ number, contradicted, hiddenPlaces }: MailCertificate) {
  const names = contradicted.map(safeName).join('、')
  return [
    { name: say('mail.certificate'), value: <span className="text-mono-14N-150">{number}</span> },
    ...(contradicted.length === 0
      ? []
      : [{ name: say('mail.contradicted'), value: say('mail.contradictedNote', { names }) }]),
    ...(hiddenPlaces === 0
      ? []
      : [{ name: say('mail.hidden'), value: say('mail.hiddenCount', { count: hiddenPlaces }) }]),
  ]
}

function Deliveries({ mail }: { readonly mail: MailPage }) {
  if (mail.deliveries.length === 0) return null
  return (
    <>
      <h4 className="text-std-16B-170 mt-2">{say('mail.deliveries')}</h4>
      <ul>
        {mail.deliveries.map(({ address, state, at, why }) => (
          <li key={address} className="mb-1">
            <SafeName parts={nameParts(address)} />　{say(`mail.delivery.${state}`)}
            {at !== '' && (
              <>
                {'　'}
                <When at={at} />
              </>
            )}
            {why !== '' && <span className="text-dns-14N-130 block">{why}</span>}
          </li>
        ))}
      </ul>
    </>
  )
}

const HEAD = [
  'mail.part',
  'mail.partType',
  'mail.partName',
  'mail.partSize',
  'mail.partFate',
  'mail.partSha',
] as const

/** Every part of the mail, one by one. Wide: it stands under everything else. */
export function MailParts({ certificate }: { readonly certificate: MailCertificate }) {
  return (
    <More word={say('mail.parts')}>
      <Table caption={say('mail.parts')} head={HEAD.map((key) => say(key))}>
        {certificate.parts.map((row) => (
          <tr key={row.part}>
            <Cell narrow>{row.part}</Cell>
            <Cell narrow>{row.type}</Cell>
            <Cell>
              <SafeName parts={nameParts(row.name)} />
            </Cell>
            <Cell narrow>{sizeText(row.bytes)}</Cell>
            <Cell>
              {row.fate}
              {row.reason !== '' && (
                <>
                  {'　'}
                  <RuleId id={row.reason} />
                </>
              )}
            </Cell>
            <Cell>
              <Digest>{row.sha256}</Digest>
            </Cell>
          </tr>
        ))}
      </Table>
    </More>
  )
}
