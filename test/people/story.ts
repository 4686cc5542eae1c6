import { asc, eq, gt } from 'drizzle-orm'
import { type Contact, contactAddresses, contacts, events, organizations } from '../../db/schema.ts'
import { growBehind } from '../../server/people/worker.ts'
import { arrive, type Letter } from '../issues/story.ts'
import { clientOf } from '../proposals/story.ts'
import { openWorld, type World } from '../world.ts'

/** What the API says of a person. */
export type ShownPerson = {
  id: string
  name: string
  names: string[]
  title: string
  version: number
  organizationByHand: boolean
  addresses: { address: string; firstReceivedAt: number | null; lastReceivedAt: number | null }[]
  organization: { id: string; name: string } | null
  firstReceivedAt: number | null
  lastReceivedAt: number | null
  firstSentAt: number | null
  lastSentAt: number | null
  history: { did: string; about: string; inId: string | null }[]
}
export type ShownOrganization = {
  id: string
  name: string
  domains: string[]
  version: number
  people: ShownPerson[]
  peopleCount: number
  history: { did: string; about: string; inId: string | null }[]
}
export type PeoplePage = { people: ShownPerson[]; next: string | null }
export type OrganizationPage = { organizations: ShownOrganization[]; next: string | null }
export type IssuesPage = { issues: { id: string; subject: string; number: number }[]; next: string | null }

/** A world whose people grow from its mail, and short ways to ask for them. */
export async function openBook() {
  const world = await openWorld()
  let reached = ''
  /** What happened since it was asked last grows into people. */
  const grown = async () => {
    const news = await world.db.read.select().from(events).where(gt(events.id, reached)).orderBy(asc(events.id))
    reached = news.at(-1)?.id ?? reached
    await growBehind(world.db, news, world.now())
  }
  return {
    ...world,
    grown,
    client: (member: World['ada']) => clientOf(world.as(member)),
    /** Lets letters arrive, and people grow from them. */
    async letters(mailbox: World['proposals'], ...letters: Letter[]) {
      await arrive(world, mailbox, ...letters)
      await grown()
    },
    async personAt(address: string): Promise<Contact> {
      const [row] = await world.db.read
        .select({ contact: contacts })
        .from(contactAddresses)
        .innerJoin(contacts, eq(contacts.id, contactAddresses.contactId))
        .where(eq(contactAddresses.address, address))
      if (!row) throw new Error(`nobody has ${address}`)
      return row.contact
    },
    allPeople: async () => await world.db.read.select().from(contacts).orderBy(asc(contacts.email)),
    allOrganizations: async () => await world.db.read.select().from(organizations).orderBy(asc(organizations.name)),
  }
}
export type Book = Awaited<ReturnType<typeof openBook>>
