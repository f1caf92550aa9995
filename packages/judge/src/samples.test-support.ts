/**
 * One full set of facts per question, typed by the contracts: what the compiler checks here, the schema must have.
 */
import type { DecisionName, FactValue, Questions } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import * as fc from 'fast-check'
import type { FactShape, QuestionShape } from './facts.ts'
import type { Facts } from './oracle.test-support.ts'

const TOWN = { model: 'α', edition: 'R8.3' } as const

const CHECKS: Omit<Questions, DecisionName> = {
  'check-flow': {
    ...TOWN,
    fromZone: 'internet',
    toZone: 'outside',
    outside: 'internet',
    peerInternetCapable: true,
    peerOnClosedList: false,
    peerReading: 'list',
    peerPublic: false,
    peerReceivedChecked: false,
    peerAssessed: false,
    registered: false,
    macLimited: false,
    ipLimited: true,
    portLimited: true,
    hasPurpose: true,
    hasOwner: true,
    hasExpiry: true,
    expired: false,
    viaSecurityCloud: true,
    localBreakout: false,
    aroundGate: false,
    joinsMynumberAndInternet: false,
  },
  'check-boundary': {
    ...TOWN,
    between: ['lgwan', 'internet'],
    defaultDeny: true,
    deniedLogged: true,
  },
  'check-host': {
    ...TOWN,
    zone: 'mynumber',
    role: 'terminal',
    authenticationKinds: 2,
    removableMediaWrite: false,
    incompleteMediaExceptions: 0,
  },
  'check-mail-route': {
    ...TOWN,
    fromZone: 'internet',
    toZone: 'lgwan',
    attachmentsRemoved: true,
    textOnly: true,
  },
  'check-file-route': {
    ...TOWN,
    fromZone: 'internet',
    toZone: 'lgwan',
    throughSanitiser: true,
    resultRecorded: true,
    method: 'sanitise',
    unknownMalwareBlocked: false,
  },
  'check-screen-route': {
    ...TOWN,
    fromZone: 'internet',
    toZone: 'lgwan',
    clipboard: false,
    file: false,
    drive: false,
    printer: false,
  },
  'check-wireless': {
    ...TOWN,
    zone: 'lgwan',
    used: true,
    authenticationServer: true,
    wpaEnterprise: true,
    requirementsDocument: true,
  },
  'check-organisation': {
    ...TOWN,
    cisoDocumented: true,
    csirtDocumented: true,
    committeeDocumented: true,
    committeeMetWithinYear: true,
    networkMonitored: true,
    complianceChecked: true,
    openEndedExceptions: 0,
    logsAcquired: true,
    logRetentionDays: 365,
    logTamperProtected: true,
    logReviewed: true,
  },
  'check-control': {
    ...TOWN,
    control: 'BT-11',
    stated: true,
    fresh: true,
    contradicted: false,
    ordinanceInForce: false,
  },
  place: {
    ...TOWN,
    level: '3B',
    personal: 'resident',
    place: 'mynumber',
    assetLevelAccessControl: false,
    ismapRegistered: false,
    cloudDutiesRecorded: false,
    withinJapaneseLaw: false,
    termsChecked: false,
  },
  cross: {
    ...TOWN,
    kind: 'file',
    fromZone: 'internet',
    toZone: 'lgwan',
    level: '2',
    attachmentsRemoved: false,
    textOnly: false,
    redirectionOff: false,
    disarm: 'removed',
    verified: true,
    activeRemoved: 0,
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
  },
  'check-web-route': {
    ...TOWN,
    model: 'α′',
    pattern: 'communication',
    tenantsLimited: true,
    inspects: true,
    makerKnown: true,
    inspectsLeftOut: false,
  },
  'web-destination': {
    ...TOWN,
    model: 'α′',
    webMode: 'enforce',
    stage: 'hello',
    listState: 'usable',
    targetForm: 'name',
    destinationListed: true,
    looksListed: false,
    portListed: true,
    transport: 'tcp',
    personKnown: true,
    personAllowed: true,
    serviceCut: false,
    pattern: 'communication',
    addresses: 'inside',
    scheme: 'https',
    hello: 'current',
    serverName: 'same',
    ech: 'none',
    echOffered: false,
    echAsked: true,
    protocolKnown: true,
    method: 'none',
    inspection: 'not-needed',
    tenantLimit: 'not-needed',
    certificate: 'not-seen',
    innerHost: 'not-seen',
  },
  'web-upload': {
    ...TOWN,
    model: 'α′',
    pattern: 'communication',
    method: 'send',
    carries: 'file',
    address: 'short',
    reading: 'whole',
    size: 'within',
    fileType: 'same',
    sight: 'all',
    level: '1',
    label: 'known',
    myNumbers: 0,
    personalRows: 0,
    outwardApproval: 'labelled',
    approved: false,
  },
  'web-download': {
    ...TOWN,
    model: 'α′',
    pattern: 'communication',
    form: 'file',
    arrival: 'whole',
    disarm: 'removed',
    verified: true,
    activeRemoved: 0,
    approvalPolicy: 'active-content',
  },
}

/** Facts with which each question passes: of those that people ask, from the first example that does. */
export const SAMPLES: Questions = { ...CHECKS, ...decisionSamples() }

function decisionSamples(): Pick<Questions, DecisionName> {
  const samples = loadGuideline().forms.map(({ question, examples }) => {
    const passing = examples.find(({ expect }) => expect.result === 'pass')
    return [
      question,
      { ...TOWN, ...passing?.town, ...passing?.facts, ...passing?.expect.found },
    ] as const
  })
  return Object.fromEntries(samples) as Pick<Questions, DecisionName>
}

/** Any facts of one question that are within their lists. */
export function anyFacts(shape: QuestionShape): fc.Arbitrary<Facts> {
  return fc.record(Object.fromEntries([...shape].map(([name, fact]) => [name, anyValue(fact)])))
}

function anyValue(shape: FactShape): fc.Arbitrary<FactValue> {
  switch (shape.kind) {
    case 'bool':
      return fc.boolean()
    case 'count':
      return fc.constantFrom(shape.minimum, 1, 2, 364, 365, 366, Number.MAX_SAFE_INTEGER)
    case 'day':
      return fc.constantFrom('', '2027-03-31', '2028-02-29')
    case 'word':
      return fc.constantFrom(...shape.values)
    case 'words':
      return fc.array(fc.constantFrom(...shape.values), { maxLength: 3 })
  }
}
