import type { EvidenceProof } from '@sekisho/server/api'
import { useEffect, useState } from 'react'
import { useLoad } from '../line/load.ts'
import { toHex } from '../proof/tree.ts'
import { verifyEntry } from '../proof/verify-entry.ts'
import type { CheckedEntry, Verdict } from '../proof/verify-entry.ts'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Digest } from '../ui/digest.tsx'
import { Facts } from '../ui/facts.tsx'
import type { Shape } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { More } from '../ui/more.tsx'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'

/** One entry's proof, computed on this terminal. */
export function ProofDialog(props: { readonly index: number; readonly onClose: () => void }) {
  const { value, failure, reload } = useLoad<EvidenceProof>(`/api/evidence/${props.index}/proof`)
  const [checked, setChecked] = useState<CheckedEntry>()
  useEffect(() => {
    let current = true
    if (value !== undefined)
      void verifyEntry(value, props.index).then((result) => current && setChecked(result))
    return () => {
      current = false
    }
  }, [value, props.index])
  return (
    <Dialog title={say('evidence.proofTitle', { index: props.index })} wide onClose={props.onClose}>
      {failure !== undefined && (
        <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
      )}
      {checked === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
      {checked !== undefined && <Checked checked={checked} />}
      <div className="mt-4 flex flex-wrap gap-3">
        {value !== undefined && (
          <Button kind="second" onPress={() => save(value)}>
            {say('evidence.saveProof')}
          </Button>
        )}
        <Button kind="second" onPress={props.onClose}>
          {say('frame.close')}
        </Button>
      </div>
    </Dialog>
  )
}

function Checked({ checked }: { readonly checked: CheckedEntry }) {
  const { checkpoint, key, text } = checked
  return (
    <>
      <p>{say('evidence.proofLead')}</p>
      <Conclusion checked={checked} />
      <ol className="flex flex-col gap-2">
        <Check verdict={checked.leaf} word={say('evidence.check.leaf')} />
        <Check
          verdict={checked.path}
          word={
            checkpoint === undefined
              ? say('evidence.check.pathPlain')
              : say('evidence.check.path', { size: checkpoint.size.toLocaleString('ja-JP') })
          }
        />
        <Check verdict={checked.signature} word={say('evidence.check.signature')} />
      </ol>
      <p className="mt-2">{say('evidence.keyNote')}</p>
      <More word={say('frame.details')}>
        <Facts
          rows={[
            ...(key === undefined
              ? []
              : [
                  { name: say('evidence.key'), value: <Digest>{key.name}</Digest> },
                  { name: say('evidence.keyId'), value: <Digest>{toHex(key.id)}</Digest> },
                ]),
            ...(checkpoint === undefined
              ? []
              : [{ name: say('evidence.root'), value: <Digest>{toHex(checkpoint.root)}</Digest> }]),
            ...(text === undefined
              ? []
              : [{ name: say('evidence.entry'), value: <Digest>{text}</Digest> }]),
          ]}
        />
        <p>{say('evidence.command')}</p>
      </More>
    </>
  )
}

function Conclusion({ checked }: { readonly checked: CheckedEntry }) {
  const all: readonly Verdict[] = [checked.leaf, checked.path, checked.signature]
  if (all.includes('no')) return <Banner tone="bad" title={say('evidence.someNo')} live />
  if (all.includes('unknown'))
    return <Banner tone="wait" title={say('evidence.someUnknown')} live />
  return <Banner tone="good" title={say('evidence.allYes')} live />
}

const LOOKS: Readonly<Record<Verdict, readonly [Tone, Shape]>> = {
  yes: ['good', 'check'],
  no: ['bad', 'stop'],
  unknown: ['wait', 'hold'],
}

function Check({ verdict, word }: { readonly verdict: Verdict; readonly word: string }) {
  const [tone, shape] = LOOKS[verdict]
  return (
    <li className="flex flex-wrap items-center gap-2">
      <Badge tone={tone} shape={shape}>
        {say(`evidence.verdict.${verdict}`)}
      </Badge>
      {word}
    </li>
  )
}

function save(proof: EvidenceProof): void {
  const blob = new Blob([JSON.stringify(proof, null, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = `evidence-${proof.index}.json`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
