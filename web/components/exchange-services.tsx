import { For, Show } from 'solid-js'
import { SECURITIES, type Security } from '../../db/vocabulary.ts'
import type { Connection } from '../exchange.ts'
import { textOf } from '../submit.ts'
import { SECURITY_WORDS } from '../words.ts'
import { Field, TextField } from './field.tsx'

/** The fields that the server may find wrong. */
export const SERVICE_FIELDS = ['authority', 'exchangeUrl', 'autodiscoverUrl', 'mail', 'mail.imap', 'mail.smtp']

const USUAL = {
  authority: 'https://login.microsoftonline.com',
  exchangeUrl: 'https://outlook.office365.com',
  autodiscoverUrl: 'https://autodiscover-s.outlook.com',
}
const SERVICES = [
  ['authority', 'Sign-in service'],
  ['exchangeUrl', 'Exchange'],
  ['autodiscoverUrl', 'Autodiscover'],
] as const
const MAIL = [
  ['imap', 'IMAP', 'outlook.office365.com', 993],
  ['smtp', 'SMTP', 'smtp.office365.com', 587],
] as const

/** What the form says of the services; what is empty is as Microsoft has it for everybody. */
export function servicesOf(form: FormData) {
  const urls = Object.fromEntries(
    SERVICES.flatMap(([name]) => {
      const url = textOf(form, name).trim()
      return url ? [[name, url]] : []
    }),
  )
  const server = (kind: 'imap' | 'smtp', usualHost: string, usualPort: number) => ({
    host: textOf(form, `${kind}Host`).trim() || usualHost,
    port: Number(textOf(form, `${kind}Port`).trim() || usualPort),
    // The cast: the field is a select of these.
    security: (textOf(form, `${kind}Security`) || (kind === 'imap' ? 'tls' : 'starttls')) as Security,
  })
  const [imap, smtp] = MAIL.map(([kind, , host, port]) => server(kind, host, port))
  const isNamed = MAIL.some(([kind]) => textOf(form, `${kind}Host`).trim() !== '')
  return { ...urls, ...(isNamed && { mail: { imap: imap!, smtp: smtp! } }) }
}

/** Where the services are, for clouds of their own, as that of a government or of China. */
export function ExchangeServices(props: {
  before: Connection | undefined
  wrong: (field: string) => string | undefined
}) {
  const { before } = props
  const isUsual = SERVICES.every(([name]) => !before || before.settings[name] === USUAL[name]) && !before?.settings.mail
  const wrong = (name: string) => props.wrong(name)
  return (
    <details class="exchange-more" open={!isUsual || SERVICE_FIELDS.some(wrong)}>
      <summary>Another cloud: addresses of the services</summary>
      <div class="form exchange-services">
        <For each={SERVICES}>
          {([name, label]) => (
            <TextField
              label={label}
              name={name}
              value={before && before.settings[name] !== USUAL[name] ? before.settings[name] : ''}
              placeholder={USUAL[name]}
              wrong={wrong(name)}
            />
          )}
        </For>
        <For each={MAIL}>
          {([kind, label, host, port]) => (
            <div class="server">
              <TextField
                label={label}
                name={`${kind}Host`}
                value={before?.settings.mail?.[kind].host ?? ''}
                placeholder={host}
                wrong={wrong(`mail.${kind}`) ?? wrong(`mail.${kind}.host`)}
              />
              <TextField
                label={`Port of ${label}`}
                name={`${kind}Port`}
                value={String(before?.settings.mail?.[kind].port ?? '')}
                placeholder={String(port)}
                wrong={wrong(`mail.${kind}.port`)}
              />
              <Field label={`Encryption of ${label}`}>
                {(attributes) => (
                  <select {...attributes} class="input" name={`${kind}Security`}>
                    <For each={SECURITIES}>
                      {(each) => (
                        <option
                          value={each}
                          selected={
                            (before?.settings.mail?.[kind].security ?? (kind === 'imap' ? 'tls' : 'starttls')) === each
                          }
                        >
                          {SECURITY_WORDS[each]}
                        </option>
                      )}
                    </For>
                  </select>
                )}
              </Field>
            </div>
          )}
        </For>
        <Show when={wrong('mail')}>{(words) => <p class="wrong">{words()}</p>}</Show>
        <p class="hint">Without encryption mail is reached on this machine alone.</p>
      </div>
    </details>
  )
}
