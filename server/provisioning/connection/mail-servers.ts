import type { ExchangeSettings, MailServer, MailServers } from '../../../db/schema.ts'

const server = (host: string, port: number, security: MailServer['security']): MailServer => ({ host, port, security })

const PUBLIC_CLOUD: MailServers = {
  imap: server('outlook.office365.com', 993, 'tls'),
  smtp: server('smtp.office365.com', 587, 'starttls'),
}
/** What other clouds call IMAP and SMTP, by what they call Exchange. */
const CLOUDS: Record<string, MailServers> = {
  'https://outlook.office365.us': {
    imap: server('outlook.office365.us', 993, 'tls'),
    smtp: server('smtp.office365.us', 587, 'starttls'),
  },
  'https://partner.outlook.cn': {
    imap: server('partner.outlook.cn', 993, 'tls'),
    smtp: server('smtp.partner.outlook.cn', 587, 'starttls'),
  },
}

/** Where the IMAP and SMTP of a connection's mailboxes are: as entered, else as its cloud has them. */
export function mailServersOf({ mail, exchangeUrl }: Pick<ExchangeSettings, 'mail' | 'exchangeUrl'>): MailServers {
  return mail ?? CLOUDS[exchangeUrl] ?? PUBLIC_CLOUD
}
