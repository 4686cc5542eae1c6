import { createSignal, For, Show } from 'solid-js'
import { type Auth, SECURITIES, type Security } from '../../db/vocabulary.ts'
import type { MailboxDetails } from '../api.ts'
import { textOf } from '../submit.ts'
import { SECURITY_WORDS } from '../words.ts'
import { Field, TextField } from './field.tsx'
import { Notice } from './states.tsx'

const PORTS = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } } as const

/** What the fields of both servers say. */
export function servers(form: FormData) {
  // The casts: the fields are selects of SECURITIES.
  return {
    imapHost: textOf(form, 'imapHost').trim(),
    imapPort: Number(textOf(form, 'imapPort')),
    imapSecurity: textOf(form, 'imapSecurity') as Security,
    imapUser: textOf(form, 'imapUser').trim(),
    imapPassword: textOf(form, 'imapPassword'),
    smtpHost: textOf(form, 'smtpHost').trim(),
    smtpPort: Number(textOf(form, 'smtpPort')),
    smtpSecurity: textOf(form, 'smtpSecurity') as Security,
    smtpUser: textOf(form, 'smtpUser').trim(),
    smtpPassword: textOf(form, 'smtpPassword'),
  }
}

const USER_HELP: Record<Auth, string> = {
  password: 'Empty: the server takes mail without signing in.',
  oauth_app: 'The address of the mailbox itself.',
  oauth_member: 'The account that signs in, not a shared mailbox.',
}

/** How one of the two servers is reached. */
export function MailboxServer(props: {
  kind: 'imap' | 'smtp'
  title: string
  before: MailboxDetails | undefined
  auth: Auth
  wrong: (field: string) => string | undefined
}) {
  // Neither changes while the form is there.
  const { kind, before } = props
  const [security, setSecurity] = createSignal<Security>(
    before?.[`${kind}Security`] ?? (kind === 'imap' ? 'tls' : 'starttls'),
  )
  const [port, setPort] = createSignal(String(before?.[`${kind}Port`] ?? PORTS[kind][security()]))
  const choose = (to: Security) => {
    // A port that was chosen by hand stays.
    if (Number(port()) === PORTS[kind][security()]) setPort(String(PORTS[kind][to]))
    setSecurity(to)
  }
  const hasPassword = () => (kind === 'imap' ? before?.hasImapPassword : before?.hasSmtpPassword) ?? false
  return (
    <fieldset>
      <legend>{props.title}</legend>
      <div class="server">
        <TextField
          label="Server"
          name={`${kind}Host`}
          value={before?.[`${kind}Host`] ?? ''}
          placeholder={`${kind}.example.org`}
          wrong={props.wrong(`${kind}Host`)}
        />
        <Field label="Port" wrong={props.wrong(`${kind}Port`)}>
          {(attributes) => (
            <input
              {...attributes}
              class="input num"
              name={`${kind}Port`}
              inputmode="numeric"
              value={port()}
              onInput={(event) => setPort(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Encryption" wrong={props.wrong(`${kind}Security`)}>
          {(attributes) => (
            <select
              {...attributes}
              class="input"
              name={`${kind}Security`}
              // The cast: the options are SECURITIES.
              onChange={(event) => choose(event.currentTarget.value as Security)}
            >
              <For each={SECURITIES}>
                {(each) => (
                  <option value={each} selected={security() === each}>
                    {SECURITY_WORDS[each]}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
      <Show when={security() === 'none'}>
        <Notice tone="warn">Without encryption the password and all mail can be read on the way.</Notice>
      </Show>
      <div class="pair">
        <TextField
          label="User"
          name={`${kind}User`}
          value={before?.[`${kind}User`] ?? ''}
          help={kind === 'smtp' ? USER_HELP[props.auth] : undefined}
          wrong={props.wrong(`${kind}User`)}
        />
        <Show when={props.auth === 'password'}>
          <TextField
            label="Password"
            name={`${kind}Password`}
            type="password"
            autocomplete="new-password"
            help={hasPassword() ? 'Empty: the stored one stays.' : 'Stored encrypted, and never shown again.'}
            wrong={props.wrong(`${kind}Password`)}
          />
        </Show>
      </div>
    </fieldset>
  )
}
