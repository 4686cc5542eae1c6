import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { answering } from './answering.ts'
import { calendar, calendarFeed } from './calendar-feed.ts'
import { contacts } from './contacts.ts'
import { csrf } from './csrf.ts'
import { deliveries } from './deliveries.ts'
import { demo } from './demo.ts'
import type { Deps, Env } from './deps.ts'
import { desk } from './desk.ts'
import { drafts } from './drafts.ts'
import { exchange } from './exchange.ts'
import { headers } from './headers.ts'
import { workingHours } from './hours.ts'
import { IMPORTS_PATH, proposalImports } from './imports.ts'
import { invitation, invitations } from './invitations.ts'
import { issueExport } from './issue-export.ts'
import { issueProposal } from './issue-proposal.ts'
import { issues } from './issues.ts'
import { jobs } from './jobs.ts'
import { live } from './live.ts'
import { mailboxes } from './mailboxes.ts'
import { matter } from './matter.ts'
import { members } from './members.ts'
import { messages } from './messages.ts'
import { motion } from './motion.ts'
import { notifications } from './notifications.ts'
import { oauth } from './oauth.ts'
import { document } from './openapi.ts'
import { organizations } from './organizations.ts'
import { password } from './password.ts'
import { people } from './people.ts'
import { pipelines } from './pipelines.ts'
import { answerError, problem } from './problem.ts'
import { proposalParts } from './proposal-parts.ts'
import { proposals } from './proposals.ts'
import { pushDevices } from './push-devices.ts'
import { reportRoutes } from './reports.ts'
import { request } from './request.ts'
import { rule } from './rule.ts'
import { rules } from './rules.ts'
import { savedReplies } from './saved-replies.ts'
import { search } from './search.ts'
import { secondFactor } from './second-factor.ts'
import { session } from './session.ts'
import { sessions } from './sessions.ts'
import { setup } from './setup.ts'
import { signatures } from './signatures.ts'
import { BUILT, staticFiles } from './static.ts'
import { operating, status } from './status.ts'
import { tags } from './tags.ts'
import { teams } from './teams.ts'
import { tokens } from './tokens.ts'
import { UPLOADS_PATH, uploads } from './uploads.ts'
import { views } from './views.ts'

const MAX_BODY_BYTES = 1_000_000
/** Where files come in. */
const FILE_PATHS = [UPLOADS_PATH, IMPORTS_PATH]
/**
 * What gets smaller: pages, scripts and texts. Not the stream of events, which must arrive line by line, and not the
 * JSON of the API: it is short, and compressing it costs more than answering.
 */
const COMPRESSIBLE = /^(text\/(?!event-stream)|application\/(javascript|manifest\+json)|image\/svg\+xml)/

const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (c) => problem(c, 413, `The body is larger than ${MAX_BODY_BYTES / 1_000_000} MB. Send less at once.`),
})

/**
 * The whole HTTP side of Downfield. Each resource is a file; the chain carries the types to the client.
 * @param web the folder with the built page
 */
export function createApp(deps: Deps, web = BUILT) {
  const api = new Hono<Env>()
    .route('/setup', setup)
    .route('/session', session)
    .route('/sessions', sessions)
    .route('/password', password)
    .route('/second-factor', secondFactor)
    .route('/invitations', invitations)
    .route('/invitation', invitation)
    .route('/members', members)
    .route('/teams', teams)
    .route('/tokens', tokens)
    .route('/issues', issues)
    .route('/issues', answering)
    .route('/issues', desk)
    .route('/issues', issueProposal)
    // Its paths of one word would be taken for ids of the next.
    .route('/proposals', proposalParts)
    .route('/proposals', proposals)
    .route('/imports', proposalImports)
    .route('/pipelines', pipelines)
    .route('/reports', reportRoutes)
    .route('/organizations', organizations)
    .route('/people', people)
    .route('/issues', issueExport)
    .route('/issues', matter)
    .route('/jobs', jobs)
    .route('/search', search)
    .route('/tags', tags)
    .route('/views', views)
    .route('/notifications/devices', pushDevices)
    .route('/notifications', notifications)
    .route('/calendar-feed', calendarFeed)
    .route('/rules', rules)
    .route('/hours', workingHours)
    .route('/messages', messages)
    .route('/saved-replies', savedReplies)
    .route('/signatures', signatures)
    .route('/uploads', uploads)
    .route('/drafts', drafts)
    .route('/contacts', contacts)
    .route('/mailboxes', mailboxes)
    .route('/oauth', oauth)
    .route('/deliveries', deliveries)
    .route('/exchange', exchange)
    .route('/events', live)
    .route('/motion', motion)
    .route('/status', status)
    .route('/demo', demo)

  const app = new Hono<Env>()
    .onError(answerError)
    .use(request(deps))
    .use(headers)
    .use(compress({ contentTypeFilter: COMPRESSIBLE }))
    .use(csrf)
    // A file has a limit of its own, kept once it is known who sends it.
    .use(async (c, next) => (FILE_PATHS.includes(c.req.path) ? await next() : await limitBody(c, next)))
    .get('/healthz', rule('anyone', 'Whether the server runs'), (c) => c.json({ ok: true }))
    .route('/', operating)
    .route('/calendar', calendar)
    .route('/api', api)

  // Statements, not links of the chain: the client has no use for them.
  let specs: ReturnType<typeof document> | undefined
  app.get('/api/openapi.json', rule('self', 'This document'), async (c) => {
    specs ??= document(app)
    return c.json(await specs)
  })
  app.all('/api/*', rule('anyone'), (c) => problem(c, 404, `There is no ${c.req.method} ${c.req.path} here.`))
  app.route('/', staticFiles(web))
  return app
}
export type App = ReturnType<typeof createApp>
