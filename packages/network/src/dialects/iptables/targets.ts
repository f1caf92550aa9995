/** Targets (iptables-extensions(8)): what becomes of a packet, and which options each takes. */
import type { Action } from '../../filter/filter.ts'

export interface Target {
  /** An option that is not among these makes something else of it than it seems: then it is no harmless target. */
  readonly strict?: true
  /** Without one the packet goes on to the next rule as it came. */
  readonly action?: Action
  /** How many values follow each option. */
  readonly options: Readonly<Record<string, number>>
}

/**
 * By name behind `-j`. What is not here is not understood: translation (`DNAT`, `SNAT`, `MASQUERADE`), copies (`TEE`), what unties a connection (`NOTRACK`,
 * `CT --notrack`), what fills sets, and others.
 */
export const TARGETS: Readonly<Record<string, Target>> = {
  ACCEPT: { action: { kind: 'accept' }, options: {} },
  DROP: { action: { kind: 'deny' }, options: {} },
  REJECT: { action: { kind: 'deny' }, options: { '--reject-with': 1 } },
  // Keeps whoever asks waiting, and sends nothing on (xtables-addons(8)).
  TARPIT: {
    action: { kind: 'deny' },
    options: { '--tarpit': 0, '--honeypot': 0, '--reset': 0 },
  },
  RETURN: { action: { kind: 'back' }, options: {} },
  QUEUE: { action: { kind: 'unknown', text: 'QUEUE' }, options: {} },
  NFQUEUE: {
    action: { kind: 'unknown', text: 'NFQUEUE' },
    options: {
      '--queue-num': 1,
      '--queue-balance': 1,
      '--queue-bypass': 0,
      '--queue-cpu-fanout': 0,
    },
  },
  LOG: {
    options: {
      '--log-prefix': 1,
      '--log-level': 1,
      '--log-tcp-sequence': 0,
      '--log-tcp-options': 0,
      '--log-ip-options': 0,
      '--log-uid': 0,
      '--log-macdecode': 0,
    },
  },
  NFLOG: {
    options: {
      '--nflog-group': 1,
      '--nflog-prefix': 1,
      '--nflog-range': 1,
      '--nflog-size': 1,
      '--nflog-threshold': 1,
    },
  },
  ULOG: {
    options: {
      '--ulog-nlgroup': 1,
      '--ulog-prefix': 1,
      '--ulog-cprange': 1,
      '--ulog-qthreshold': 1,
    },
  },
  TRACE: { options: {} },
  AUDIT: { options: { '--type': 1 } },
  // Marks: a condition that asks for one is not understood, so setting it says nothing here.
  MARK: {
    options: {
      '--set-mark': 1,
      '--set-xmark': 1,
      '--and-mark': 1,
      '--or-mark': 1,
      '--xor-mark': 1,
    },
  },
  CONNMARK: {
    options: {
      '--set-mark': 1,
      '--set-xmark': 1,
      '--and-mark': 1,
      '--or-mark': 1,
      '--xor-mark': 1,
      '--save-mark': 0,
      '--restore-mark': 0,
      '--nfmask': 1,
      '--ctmask': 1,
      '--mask': 1,
    },
  },
  CLASSIFY: { options: { '--set-class': 1 } },
  TOS: { options: { '--set-tos': 1, '--and-tos': 1, '--or-tos': 1, '--xor-tos': 1 } },
  DSCP: { options: { '--set-dscp': 1, '--set-dscp-class': 1 } },
  // A helper only lets conntrack call more packets `related`; whether those pass, other lines say. Zones and `--notrack` are another matter.
  CT: {
    strict: true,
    options: { '--helper': 1, '--ctevents': 1, '--expevents': 1, '--timeout': 1 },
  },
  TTL: { options: { '--ttl-set': 1, '--ttl-dec': 1, '--ttl-inc': 1 } },
  HL: { options: { '--hl-set': 1, '--hl-dec': 1, '--hl-inc': 1 } },
  ECN: { options: { '--ecn-tcp-remove': 0 } },
  RATEEST: { options: { '--rateest-name': 1, '--rateest-interval': 1, '--rateest-ewmalog': 1 } },
  IDLETIMER: { options: { '--timeout': 1, '--label': 1, '--alarm': 0 } },
  TCPMSS: { options: { '--set-mss': 1, '--clamp-mss-to-pmtu': 0 } },
  TCPOPTSTRIP: { options: { '--strip-options': 1 } },
  LED: {
    options: { '--led-trigger-id': 1, '--led-delay': 1, '--led-always-blink': 0 },
  },
  CHECKSUM: { options: { '--checksum-fill': 0 } },
  SECMARK: { options: { '--selctx': 1 } },
  CONNSECMARK: { options: { '--save': 0, '--restore': 0 } },
}
