import net from 'node:net'

/** A mail of the scripted server; `refused` ones it names, but does not give. */
export type ScriptedMail = { raw: string; refused?: 'content' | 'everything' }

/**
 * As much of an IMAP server as it takes to refuse: a FETCH that asks for a mail it does not give is answered with NO as
 * a whole, the way Exchange does it.
 */
export async function startScriptedImap(mails: ScriptedMail[]) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.write('* OK [CAPABILITY IMAP4rev1] ready\r\n')
    let input = ''
    socket.on('data', (chunk) => {
      input += chunk.toString('latin1')
      for (let end = input.indexOf('\r\n'); end >= 0; end = input.indexOf('\r\n')) {
        const [tag = '', ...words] = input.slice(0, end).split(' ')
        input = input.slice(end + 2)
        socket.write(answer(tag, words.join(' ')))
      }
    })
  })

  function answer(tag: string, command: string): string {
    const ok = `${tag} OK done\r\n`
    if (/^CAPABILITY/i.test(command)) return `* CAPABILITY IMAP4rev1\r\n${ok}`
    if (/^LIST/i.test(command)) return `* LIST () "/" INBOX\r\n${ok}`
    if (/^EXAMINE/i.test(command))
      return `* ${mails.length} EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT ${mails.length + 1}] next\r\n${tag} OK [READ-ONLY] done\r\n`
    if (/^UID SEARCH/i.test(command)) return `* SEARCH ${mails.map((_, i) => i + 1).join(' ')}\r\n${ok}`
    const [, set, query] = /^UID FETCH (\S+) (.*)$/i.exec(command) ?? []
    return set && query ? fetch(tag, set, query) : ok
  }

  function fetch(tag: string, set: string, query: string): string {
    const uids = set.split(',').flatMap((part) => {
      const [first = 0, last = first] = part.split(':').map(Number)
      return mails.map((_, i) => i + 1).filter((uid) => uid >= first && uid <= last)
    })
    const asksContent = /BODY(\.PEEK)?\[\]/i.test(query)
    const asksHeader = /BODY(\.PEEK)?\[HEADER\]/i.test(query)
    const isRefused = (uid: number) => {
      const { refused } = mails[uid - 1]!
      return (refused && asksContent) || (refused === 'everything' && asksHeader)
    }
    if (uids.some(isRefused)) return `${tag} NO [SERVERBUG] The message could not be read\r\n`
    const rows = uids.map((uid) => {
      const { raw } = mails[uid - 1]!
      const part = asksContent ? raw : asksHeader ? `${raw.split('\r\n\r\n')[0]}\r\n\r\n` : undefined
      const body =
        part === undefined ? '' : ` BODY[${asksContent ? '' : 'HEADER'}] {${Buffer.byteLength(part)}}\r\n${part}`
      return `* ${uid} FETCH (UID ${uid} RFC822.SIZE ${raw.length} INTERNALDATE "20-Nov-2026 09:41:00 +0000"${body})\r\n`
    })
    return `${rows.join('')}${tag} OK done\r\n`
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return {
    port: address.port,
    /** Says its last words; without any it only goes. */
    end(lastWords: string) {
      for (const socket of sockets) {
        if (lastWords) socket.write(lastWords)
        else socket.destroy()
      }
    },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
