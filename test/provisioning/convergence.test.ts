import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planExchange } from '../../server/provisioning/plan/plan.ts'
import { RIGHTS, readWanted } from '../../server/provisioning/plan/wanted.ts'
import { full, group, mailbox, person, read, sends, sendsOnPrem, snapshot } from './fixture.ts'
import { after, type World } from './model.ts'

const NAMES = ['user1', 'user2', 'user3', 'user4']
const all = [...NAMES, 'marketing-sg']
const some = <T>(values: readonly T[]) => fc.subarray([...values])
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const wanted = fc.record(
  {
    mailbox: fc.record(
      {
        identity: fc.constant('foo.user@contoso.com'),
        type: fc.constantFrom('shared', 'user'),
        displayName: fc.constantFrom('Foo User', "O’Brien's $(bids)"),
        aliases: some(['bids@contoso.com', 'tenders@contoso.com', 'foo.user@contoso.com']),
        exclusiveAliases: fc.boolean(),
        signInBlocked: fc.boolean(),
        hiddenFromAddressLists: fc.boolean(),
        copySentAs: fc.boolean(),
        copySendOnBehalf: fc.boolean(),
        forwarding: fc.option(
          fc.record({ to: fc.constantFrom('user4@contoso.com', 'x@outside.example'), keepCopy: fc.boolean() }),
        ),
      },
      { requiredKeys: ['identity'] },
    ),
    delegates: some(all).chain((users) =>
      fc.tuple(
        ...users.map((user) =>
          fc.record(
            { user: fc.constant(user), rights: some(RIGHTS), autoMapping: fc.boolean(), allowGroup: fc.constant(true) },
            { requiredKeys: ['user', 'allowGroup'] },
          ),
        ),
      ),
    ),
    exclusive: fc.boolean(),
    pruneOrphans: fc.boolean(),
    autoMappingPolicy: fc.constantFrom('onGrant', 'enforce'),
  },
  { requiredKeys: ['mailbox'] },
)

const ADDRESS = (name: string) => `${name}@contoso.com`

function worldOf(platform: 'exo' | 'onprem') {
  const called = (name: string) => (platform === 'exo' ? ADDRESS(name) : `CONTOSO\\${name}`)
  const orphan = 'S-1-5-21-1-2-3-4'
  return fc
    .record({
      full: some([...all.map(called), orphan]),
      denied: some(NAMES.map(called)),
      sends: some([...all.map(called), orphan]),
      behalf: some(NAMES),
      mapped: fc.dictionary(fc.constantFrom(...NAMES.map(called)), fc.constantFrom('on', 'off', 'unknown')),
      aliases: some(['smtp:bids@contoso.com', 'smtp:old@contoso.com']),
      exists: fc.boolean(),
      isUser: fc.boolean(),
      blocked: fc.boolean(),
      copies: fc.boolean(),
      forwards: maybe(fc.constantFrom('user4', 'user3')),
    })
    .map((made) => {
      const row = snapshot(
        {
          full: [
            ...made.full.map((user) => full(user)),
            ...made.denied.map((user) => full(user, { Deny: true })),
            full(called('user4'), { IsInherited: true }),
          ],
          sends: made.sends.map((user) => (platform === 'exo' ? sends(user) : sendsOnPrem(user))),
          recipients: [
            ...NAMES.map((name) => person(name, { SamAccountName: name })),
            { ...group, SamAccountName: 'marketing-sg' },
          ],
          mailbox: mailbox({
            RecipientTypeDetails: made.isUser ? 'UserMailbox' : 'SharedMailbox',
            AccountDisabled: made.blocked,
            GrantSendOnBehalfTo: made.behalf,
            MessageCopyForSentAsEnabled: made.copies,
            EmailAddresses: ['SMTP:foo.user@contoso.com', ...made.aliases],
            ForwardingAddress: made.forwards ?? null,
          }),
          autoMapping: Object.entries(made.mapped)
            .filter(([user]) => made.full.includes(user))
            .map(([user, state]) => ({ user, state, source: 'autodiscover-soap', at: '2026-10-01T00:00:00Z' })),
        },
        platform,
      )
      const absent = {
        ...row,
        mailbox: null,
        mailboxPermissions: [],
        recipientPermissions: [],
        adPermissions: [],
        autoMapping: [],
      }
      return (made.exists ? row : absent) as World
    })
}

const isFull = (world: World, user: string) =>
  world.mailboxPermissions.some(
    (ace) => ace.User === user && !ace.Deny && !ace.IsInherited && ace.AccessRights.includes('FullAccess'),
  )

test.each(['exo', 'onprem'] as const)(
  'a plan reaches what is wanted, and nobody is without access on the way: %s',
  async (platform) => {
    let planned = 0
    await fc.assert(
      fc.asyncProperty(wanted, worldOf(platform), async (file, start) => {
        const asked = await readWanted(JSON.stringify(file), 'wanted.yaml', async () => '')
        const plan = planExchange(asked, read(start))
        fc.pre(plan.blockers.length === 0)
        planned += plan.steps.length
        let world = start
        plan.steps.forEach((step, i) => {
          const before = world
          world = after(world, step)
          // Whoever loses access gets it back by the next step, or is to lose it.
          for (const { User } of before.mailboxPermissions) {
            if (!isFull(before, User) || isFull(world, User)) continue
            expect(['access-gap', 'destructive']).toContain(step.risk)
            if (step.risk === 'access-gap') expect(isFull(after(world, plan.steps[i + 1]!), User)).toBe(true)
          }
        })
        expect(planExchange(asked, read(world)).steps.map(({ command }) => command)).toEqual([])
        // Who isn't listed keeps what they have, unless the list is whole.
        const listed = asked.delegates.map(({ user }) => user)
        const others = start.mailboxPermissions.filter(({ User }) => !listed.some((name) => User.includes(name)))
        const kept = others.filter((ace) =>
          world.mailboxPermissions.some((other) => JSON.stringify(other) === JSON.stringify(ace)),
        )
        const orphans = others.filter(({ User }) => User.startsWith('S-1-5-21-'))
        if (!asked.exclusive) expect(others.length - kept.length).toBe(asked.pruneOrphans ? orphans.length : 0)
        expect(world.mailboxPermissions.filter(({ UserSid }) => UserSid === 'S-1-5-10')).toEqual(
          start.mailboxPermissions.filter(({ UserSid }) => UserSid === 'S-1-5-10'),
        )
      }),
      { numRuns: 400 },
    )
    expect(planned).toBeGreaterThan(500)
  },
)
