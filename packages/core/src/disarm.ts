/**
 * What disarming says about a file. These values cross a trust boundary, so they are codes and bounded, plain
 * ASCII places; never text that a hostile file wrote.
 */

/** `removed`: something was taken out. `confirmed-absent`: rebuilt, nothing was found. `converted`: another form. */
export type DisarmVerdict = 'removed' | 'confirmed-absent' | 'converted' | 'refused'

/** A runs code, N makes network contact, D leaks data, P attacks a parser, S deceives the reader. */
export type ThreatKind = 'A' | 'N' | 'D' | 'P' | 'S'

/** One kind of thing that was removed or changed. */
export interface Removal {
  /** Id of the threat table, e.g. `OX-VBA`. */
  readonly rule: string
  readonly count: number
  /** Canonical place, `[A-Za-z0-9 ._:/#-]{0,80}`, e.g. `xl/vbaProject.bin`, `page 3`, `member 2`. */
  readonly where: string
}

/** How alike input and output are, in thousandths: 1000 is equal. */
export interface Fidelity {
  /** Share of the input's words that the output has. */
  readonly text?: number
  /** Likeness of the drawn pages; only where a renderer is present. */
  readonly pages?: number
}

/** What a person may try next with the very same file: give its password, or take it as pictures (画像化). */
export type DisarmOffer = 'password' | 'flatten'

/** Result of disarming one file. */
export interface DisarmReport {
  /** Detected type, e.g. `xlsm`; `unknown` when none. */
  readonly type: string
  /** Type of the output, e.g. `xlsx`; empty when refused. */
  readonly outputType: string
  readonly verdict: DisarmVerdict
  readonly removed: readonly Removal[]
  /** Kept but worth telling a person, e.g. hidden sheets. Same shape. */
  readonly kept: readonly Removal[]
  /** Rule id of the refusal, e.g. `TYPE-DENIED`; absent unless refused. */
  readonly reason?: string
  /** Absent where nothing was measured. */
  readonly fidelity?: Fidelity
  /** Only when refused, and only what can be done on this machine. */
  readonly offers?: readonly DisarmOffer[]
}

/** What the independent verifier says. */
export type CleanVerdict =
  | {
      readonly clean: true
      readonly type: string
      /** SHA-256 of the listed VBA projects inside; absent when there is none. */
      readonly macros?: readonly string[]
      /** What the verifier of mails saw; absent for anything else. */
      readonly mail?: VerifiedMail
    }
  | {
      readonly clean: false
      readonly type: string
      readonly reason: string
      readonly where: string
    }

/** A rebuilt mail as the receiving side read it itself. Subject and sender are words of a stranger. */
export interface VerifiedMail {
  readonly subject: string
  readonly from: string
  /** Files in the message. */
  readonly attachments: number
  /** One text, and no page. */
  readonly textOnly: boolean
}
