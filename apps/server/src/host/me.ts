import type { Town } from '@sekisho/core'
import type { Me } from '../api.ts'
import type { SignedIn } from './accounts.ts'
import { mailRoute, outwardGateOf } from './mail-route.ts'
import { departmentName } from './people.ts'
import type { FileRoute } from './route.ts'

/** Bytes in one piece of an upload. */
export const CHUNK_MAX = 8 * 1024 * 1024

/** Endings the disarmer takes, for the file chooser. A hint: what decides is the content. */
const ACCEPT = [
  '.docx',
  '.docm',
  '.dotx',
  '.dotm',
  '.xlsx',
  '.xlsm',
  '.xltx',
  '.xltm',
  '.pptx',
  '.pptm',
  '.potx',
  '.potm',
  '.ppsx',
  '.ppsm',
  '.pdf',
  '.jpg',
  '.jpeg',
  '.png',
  '.gif',
  '.txt',
  '.csv',
  '.tsv',
  '.zip',
  ...'doc dot xls xlt ppt pot pps xlsb odt ods odp odg ott ots otp otg fodt fods fodp fodg rtf'
    .split(' ')
    .map((ending) => `.${ending}`),
  ...'tif tiff bmp webp svg html htm mht mhtml eml msg dxf sfc p21'
    .split(' ')
    .map((ending) => `.${ending}`),
]

/** Who I am and where, as the page shows it. */
/** @param cloud whether this side shows what goes through a cloud gate */
export function meFor(
  side: 'low' | 'high',
  town: Town,
  route: FileRoute,
  cloud = false,
): (who: SignedIn) => Me {
  const zoneName = (id: string): string => town.zones.find((zone) => zone.id === id)?.name ?? id
  const [zone, otherZone] = side === 'low' ? [route.from, route.to] : [route.to, route.from]
  const runsIn = mailRoute(town) !== undefined
  // Without the way in there is no mail server to hand anything to.
  const mail = { in: runsIn, out: runsIn && outwardGateOf(town) !== undefined }
  return (who) => ({
    side,
    town: town.name,
    zone: zoneName(zone),
    otherZone: zoneName(otherZone),
    user: {
      id: who.account,
      name: who.person.name,
      email: who.email,
      department: departmentName(town, who.person),
      roles: who.person.roles,
      passkeys: who.passkeys,
    },
    limits: { maxBytes: route.maxBytes, chunkBytes: CHUNK_MAX, accept: ACCEPT },
    originalDays: route.originalDays,
    mail,
    cloud,
    sessionEnds: who.sessionEnds,
  })
}
