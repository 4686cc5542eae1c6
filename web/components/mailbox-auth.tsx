import { createSignal, For, Show } from 'solid-js'
import { AUTHS, type Auth, type SendBy } from '../../db/vocabulary.ts'
import { api, call, type MailboxDetails, wordsOf } from '../api.ts'
import { textOf } from '../submit.ts'
import { say } from '../toasts.ts'
import { Field, TextField } from './field.tsx'
import { Notice } from './states.tsx'

const AUTH_WORDS: Record<Auth, string> = {
  password: 'With a password',
  oauth_app: 'Microsoft 365, as an app',
  oauth_member: 'Microsoft 365, with an account',
}
const MICROSOFT = 'https://login.microsoftonline.com'

/** The fields that the server may find wrong. */
export const AUTH_FIELDS = [
  'auth',
  'oauth',
  'oauth.tenant',
  'oauth.clientId',
  'oauth.authority',
  'oauthSecret',
  'sendBy',
]

/** How a mailbox signs in, as the form says it. */
export function authOf(form: FormData, before: MailboxDetails | undefined) {
  // The casts: the fields are selects of these words.
  const auth = textOf(form, 'auth') as Auth
  if (auth === 'password') return { auth, oauth: null, oauthSecret: '', sendBy: 'smtp' as const }
  const authority = textOf(form, 'oauthAuthority').trim()
  const isSame = before?.oauth && (authority || MICROSOFT) === before.oauth.authority
  return {
    auth,
    oauth: {
      tenant: textOf(form, 'oauthTenant').trim(),
      clientId: textOf(form, 'oauthClientId').trim(),
      authority,
      graphUrl: isSame ? before.oauth!.graphUrl : '',
    },
    oauthSecret: textOf(form, 'oauthSecret'),
    sendBy: textOf(form, 'sendBy') as SendBy,
  }
}

/** Choosing how a mailbox signs in: with a password, or at Microsoft 365 without one. */
export function MailboxAuth(props: {
  auth: Auth
  onAuth: (auth: Auth) => void
  /** As the form began, and as it is stored now. */
  before: MailboxDetails | undefined
  stored: MailboxDetails | undefined
  wrong: (field: string) => string | undefined
}) {
  // It does not change while the form is there.
  const { before } = props
  const oauth = before?.oauth ?? undefined
  return (
    <fieldset>
      <legend>Signing in</legend>
      <Field
        label="Sign-in"
        help="Mail programs sign in to Microsoft 365 as an app or with an account."
        wrong={props.wrong('auth') ?? props.wrong('oauth')}
      >
        {(attributes) => (
          <select
            {...attributes}
            class="input"
            name="auth"
            // The cast: the options are AUTHS.
            onChange={(event) => props.onAuth(event.currentTarget.value as Auth)}
          >
            <For each={AUTHS}>
              {(each) => (
                <option value={each} selected={props.auth === each}>
                  {AUTH_WORDS[each]}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <Show when={props.auth !== 'password'}>
        <div class="pair">
          <TextField
            label="Tenant"
            name="oauthTenant"
            value={oauth?.tenant ?? ''}
            help="The directory (tenant) id, or its domain."
            wrong={props.wrong('oauth.tenant')}
          />
          <TextField
            label="Client id"
            name="oauthClientId"
            value={oauth?.clientId ?? ''}
            help="The application (client) id of the app registration."
            wrong={props.wrong('oauth.clientId')}
          />
        </div>
        <div class="pair">
          <TextField
            label="Client secret"
            name="oauthSecret"
            type="password"
            autocomplete="new-password"
            help={before?.hasOauthSecret ? 'Empty: the stored one stays.' : secretHelp(props.auth)}
            wrong={props.wrong('oauthSecret')}
          />
          <TextField
            label="Sign-in service"
            name="oauthAuthority"
            value={oauth && oauth.authority !== MICROSOFT ? oauth.authority : ''}
            placeholder={MICROSOFT}
            help="Empty: the one of Microsoft."
            wrong={props.wrong('oauth.authority')}
          />
        </div>
        <Field label="Send by" wrong={props.wrong('sendBy')}>
          {(attributes) => (
            <select {...attributes} class="input" name="sendBy">
              <option value="smtp" selected={before?.sendBy !== 'graph'}>
                SMTP
              </option>
              <option value="graph" selected={before?.sendBy === 'graph'}>
                Microsoft Graph
              </option>
            </select>
          )}
        </Field>
      </Show>
      <Show when={props.auth === 'oauth_member'}>
        <p class="hint">
          The app registration needs this redirect URI:{' '}
          <code>{before?.callbackUrl ?? new URL('/api/oauth/callback', location.href).href}</code>
        </p>
        <Show
          when={props.stored?.auth === 'oauth_member' && props.stored}
          fallback={<p class="hint">Save first, then sign in.</p>}
        >
          {(mailbox) => <Account mailbox={mailbox()} />}
        </Show>
      </Show>
    </fieldset>
  )
}

function secretHelp(auth: Auth): string {
  return auth === 'oauth_app' ? 'Its value, not its id. Stored encrypted.' : 'Empty for an app without one.'
}

/** Who signed in, and the way to do it again. */
function Account(props: { mailbox: MailboxDetails }) {
  const [leaving, setLeaving] = createSignal(false)
  const signIn = async () => {
    setLeaving(true)
    try {
      const { url } = await call(api.mailboxes[':id']['sign-in'].$post({ param: { id: props.mailbox.id } }))
      location.assign(url)
    } catch (error) {
      say(wordsOf(error))
      setLeaving(false)
    }
  }
  const who = () => (props.mailbox.oauthAccount ? `Signed in as ${props.mailbox.oauthAccount}.` : 'Signed in.')
  return (
    <>
      <Show when={props.mailbox.signInTrouble}>
        {(trouble) => (
          <Notice tone="bad">
            <strong>{trouble().summary}</strong>
            <br />
            {trouble().whatToDo}
            <span class="words">{trouble().detail}</span>
          </Notice>
        )}
      </Show>
      <Notice tone={props.mailbox.isSignedIn ? 'good' : 'warn'}>
        {props.mailbox.isSignedIn ? who() : 'Nobody has signed in yet: no mail comes in before.'}
      </Notice>
      <div>
        <button type="button" class="btn" disabled={leaving()} onClick={() => void signIn()}>
          {props.mailbox.isSignedIn ? 'Sign in again' : 'Sign in with Microsoft'}
        </button>
      </div>
    </>
  )
}
