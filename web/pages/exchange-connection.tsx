import { useNavigate, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { api, call } from '../api.ts'
import { ExchangeServices, SERVICE_FIELDS, servicesOf } from '../components/exchange-services.tsx'
import { Field, TextField } from '../components/field.tsx'
import { Bones, Empty, Loaded, Notice } from '../components/states.tsx'
import { type Connection, useConnections } from '../exchange.ts'
import { client } from '../query-client.ts'
import { createSubmit, textOf } from '../submit.ts'
import { say } from '../toasts.ts'

type Kind = Connection['kind']
const KINDS: [Kind, string, string][] = [
  [
    'exo-rest',
    'Exchange Online, by an app',
    'An app of your directory with the permission Exchange.ManageAsApp and the role Exchange Recipient Administrator.',
  ],
  ['pwsh', 'PowerShell', 'PowerShell 7 on this server, with ExchangeOnlineManagement or the tools of Exchange.'],
  [
    'plan-only',
    'By files alone',
    'Nothing is let in: an admin runs a script that reads, and one that was reviewed. No password is needed.',
  ],
]
const SIMULATOR: (typeof KINDS)[number] = [
  'simulator',
  'The simulated one',
  'It is made up, and nothing of it is real.',
]
const SETTINGS = [
  'tenant',
  'clientId',
  'certificateThumbprint',
  'ldapUrl',
  'ldapBaseDn',
  'ldapBindDn',
  'netBiosDomain',
  ...SERVICE_FIELDS,
]
const FIELDS = [
  'name',
  'clientSecret',
  'privateKey',
  'ldapPassword',
  'settings',
  ...SETTINGS.map((f) => `settings.${f}`),
]

/** Connecting to Exchange, or changing a connection. */
export default function ExchangeConnection() {
  const params = useParams<{ connectionId?: string }>()
  const connections = useConnections()
  return (
    <div class="page exchange">
      <Show when={params.connectionId} fallback={<Settings />}>
        {(id) => (
          <Loaded query={connections} what="The connection" loading={<Bones rows={6} height={56} />}>
            {(all) => (
              <Show
                when={all().find((one) => one.id === id())}
                fallback={
                  <>
                    <h1 class="sr">Exchange</h1>
                    <Empty icon="cloud" title="There is no such connection">
                      It may have been removed. All connections stand under Exchange.
                    </Empty>
                  </>
                }
              >
                {(connection) => <Settings connection={connection()} />}
              </Show>
            )}
          </Loaded>
        )}
      </Show>
    </div>
  )
}

function Settings(props: { connection?: Connection }) {
  // Once: what is typed must not be written over when the connection is fetched again.
  const before = props.connection
  const navigate = useNavigate()
  const [kind, setKind] = createSignal<Kind>(before?.kind ?? 'exo-rest')
  const [platform, setPlatform] = createSignal(before?.platform ?? 'exo')
  const [hybrid, setHybrid] = createSignal(before?.hybrid ?? false)
  const newId = crypto.randomUUID()
  const isApp = () => kind() === 'exo-rest' || kind() === 'simulator'
  const isOnPremises = () => !isApp() && platform() === 'onprem'
  const submit = createSubmit(async (form) => {
    const text = (name: string) => textOf(form, name).trim()
    const settings = {
      tenant: text('tenant'),
      clientId: text('clientId'),
      certificateThumbprint: text('certificateThumbprint'),
      ldapUrl: text('ldapUrl'),
      ldapBaseDn: text('ldapBaseDn'),
      ldapBindDn: text('ldapBindDn'),
      netBiosDomain: text('netBiosDomain'),
      ...servicesOf(form),
    }
    const json = {
      name: text('name'),
      kind: kind(),
      platform: isApp() ? ('exo' as const) : platform(),
      hybrid: hybrid(),
      settings,
      clientSecret: textOf(form, 'clientSecret'),
      privateKey: textOf(form, 'privateKey'),
      ldapPassword: textOf(form, 'ldapPassword'),
    }
    if (before) await call(api.exchange.connections[':id'].$put({ param: { id: before.id }, json }))
    else await call(api.exchange.connections.$post({ json: { id: newId, ...json } }))
    for (const key of ['exchange', 'exchange-look']) void client.invalidateQueries({ queryKey: [key] })
    say(before ? 'Saved.' : 'Connected. Test it before anything else.')
    navigate('/exchange')
  })
  const wrong = (field: string) => submit.wrong(field) ?? submit.wrong(`settings.${field}`)
  const setting = (name: 'tenant' | 'clientId' | 'certificateThumbprint') => before?.settings[name] ?? ''
  const stays = (has: boolean | undefined, otherwise: string) => (has ? 'Empty: the stored one stays.' : otherwise)
  return (
    <>
      <div class="top">
        <div>
          <h1>{before ? before.name : 'Connect to Exchange'}</h1>
          <p>Nothing is changed by connecting. Every change is shown first, and carried out when you say so.</p>
        </div>
      </div>
      <form class="form" novalidate onSubmit={(event) => void submit.onSubmit(event)}>
        <fieldset>
          <legend>How it is reached</legend>
          <For each={before?.kind === 'simulator' ? [SIMULATOR, ...KINDS] : KINDS}>
            {([value, words, why]) => (
              <label class="check">
                <input type="radio" name="kind" checked={kind() === value} onChange={() => setKind(value)} />
                <span>
                  {words}
                  <small>{why}</small>
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <fieldset>
          <legend>Connection</legend>
          <TextField
            label="Name"
            name="name"
            value={before?.name ?? ''}
            help="Such as Contoso."
            wrong={wrong('name')}
          />
          <Show when={!isApp()}>
            <Field label="Where the mailboxes are">
              {(attributes) => (
                <select
                  {...attributes}
                  class="input"
                  // The cast: the choices are those below.
                  onChange={(event) => setPlatform(event.currentTarget.value as 'exo' | 'onprem')}
                >
                  <option value="exo" selected={platform() === 'exo'}>
                    Exchange Online
                  </option>
                  <option value="onprem" selected={platform() === 'onprem'}>
                    Exchange Server, on premises
                  </option>
                </select>
              )}
            </Field>
          </Show>
          <label class="check">
            <input type="checkbox" checked={hybrid()} onChange={(event) => setHybrid(event.currentTarget.checked)} />
            <span>
              There is Exchange on premises and in the cloud
              <small>Then mailboxes are created and converted on premises, and the plan says so.</small>
            </span>
          </label>
          <Show when={!isOnPremises()}>
            <div class="pair">
              <TextField
                label="Directory (tenant)"
                name="tenant"
                value={setting('tenant')}
                help={
                  kind() === 'plan-only'
                    ? 'To watch mailboxes. Its id, or its domain such as contoso.onmicrosoft.com.'
                    : 'Its id, or its domain such as contoso.onmicrosoft.com.'
                }
                wrong={wrong('tenant') ?? submit.wrong('settings')}
              />
              <TextField
                label="Application (client) id"
                name="clientId"
                value={setting('clientId')}
                wrong={wrong('clientId')}
              />
            </div>
          </Show>
          <Show when={isApp()}>
            <TextField
              label="Client secret"
              name="clientSecret"
              type="password"
              autocomplete="new-password"
              help={stays(before?.has.clientSecret, 'Its value, not its id. Or a certificate, below.')}
              wrong={wrong('clientSecret')}
            />
            <Field
              label="Private key of the certificate"
              help={stays(before?.has.privateKey, 'As PEM. It is stored encrypted.')}
              wrong={wrong('privateKey')}
            >
              {(attributes) => (
                <textarea {...attributes} class="input exchange-area" name="privateKey" rows={3} spellcheck={false} />
              )}
            </Field>
            <TextField
              label="Thumbprint of the certificate"
              name="certificateThumbprint"
              value={setting('certificateThumbprint')}
              help="SHA-256, base64url."
              wrong={wrong('certificateThumbprint')}
            />
          </Show>
        </fieldset>
        <Show when={isOnPremises()}>
          <Directory before={before} wrong={wrong} />
        </Show>
        <Show when={!isOnPremises()}>
          <ExchangeServices before={before} wrong={wrong} />
        </Show>
        <Show when={submit.general(...FIELDS)}>{(words) => <Notice tone="bad">{words()}</Notice>}</Show>
        <div class="actions">
          <button type="submit" class="btn primary" disabled={submit.busy()}>
            {before ? 'Save' : 'Connect'}
          </button>
          <a href="/exchange" class="btn ghost">
            Cancel
          </a>
        </div>
      </form>
    </>
  )
}

/** Active Directory on premises, which alone says for whom a mailbox appears by itself. */
function Directory(props: { before: Connection | undefined; wrong: (field: string) => string | undefined }) {
  const { before } = props
  return (
    <fieldset>
      <legend>Active Directory</legend>
      <p class="hint">
        It says for whom a mailbox appears in Outlook by itself (msExchDelegateListLink). Downfield reads that and
        changes nothing there: an account that may read is enough. Leave it empty to do without.
      </p>
      <div class="pair">
        <TextField
          label="Domain controller"
          name="ldapUrl"
          value={before?.settings.ldapUrl ?? ''}
          placeholder="ldaps://dc.contoso.local"
          help="Over TLS: a password goes there."
          wrong={props.wrong('ldapUrl')}
        />
        <TextField
          label="Where to search"
          name="ldapBaseDn"
          value={before?.settings.ldapBaseDn ?? ''}
          placeholder="DC=contoso,DC=local"
          wrong={props.wrong('ldapBaseDn')}
        />
      </div>
      <div class="pair">
        <TextField
          label="Account that reads"
          name="ldapBindDn"
          value={before?.settings.ldapBindDn ?? ''}
          placeholder="reader@contoso.local"
          help="Its distinguished name, or its user principal name."
          wrong={props.wrong('ldapBindDn')}
        />
        <TextField
          label="Its password"
          name="ldapPassword"
          type="password"
          autocomplete="new-password"
          help={before?.has.ldapPassword ? 'Empty: the stored one stays.' : 'Stored encrypted, and never shown again.'}
          wrong={props.wrong('ldapPassword')}
        />
      </div>
      <TextField
        label="Short name of the domain"
        name="netBiosDomain"
        value={before?.settings.netBiosDomain ?? ''}
        placeholder="CONTOSO"
        help="What stands before the backslash of CONTOSO\jane."
        wrong={props.wrong('netBiosDomain')}
      />
    </fieldset>
  )
}
