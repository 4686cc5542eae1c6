import fc from 'fast-check'
import { expect, test } from 'vitest'
import { htmlText } from '../../server/mail/read/html-text.ts'
import { quotedFrom, replyText } from '../../server/mail/read/quoted.ts'

const OWN = 'Fine, thank you.\n\n'

test.each([
  ['English', 'On Mon, 2 Mar 2026 at 10:15, Ada <ada@x.example> wrote:\n> Hello'],
  ['English, over two lines', 'On Mon, 2 Mar 2026 at 10:15, Ada Lovelace-Byron\n<ada@x.example> wrote:\n\n> Hello'],
  ['German', 'Am 02.03.2026 um 10:15 schrieb Ada <ada@x.example>:\n\n> Hallo'],
  ['French', 'Le lun. 2 mars 2026 à 10:15, Ada <ada@x.example> a\nécrit :\n\n> Bonjour'],
  ['Spanish', 'El lun, 2 mar 2026 a las 10:15, Ada (<ada@x.example>) escribió:\n> Hola'],
  ['Portuguese', 'Em seg., 2 de mar. de 2026 às 10:15, Ada <ada@x.example> escreveu:\n> Olá'],
  ['Italian', 'Il giorno lun 2 mar 2026 alle ore 10:15 Ada <ada@x.example> ha scritto:\n> Ciao'],
  ['Dutch', 'Op ma 2 mrt 2026 om 10:15 schreef Ada <ada@x.example>:\n> Hallo'],
  ['Swedish', 'Den mån 2 mars 2026 kl 10:15 skrev Ada <ada@x.example>:\n> Hej'],
  ['Norwegian', 'man. 2. mar. 2026 kl. 10:15 skrev Ada <ada@x.example>:\n> Hei'],
  ['Finnish', 'ma 2. maalisk. 2026 klo 10.15 Ada (ada@x.example) kirjoitti:\n> Hei'],
  ['Polish', 'pon., 2 mar 2026 o 10:15 Ada <ada@x.example> napisał(a):\n> Cześć'],
  ['Czech', 'po 2. 3. 2026 v 10:15 odesílatel Ada <ada@x.example> napsal:\n> Ahoj'],
  ['Hungarian', 'Ada <ada@x.example> ezt írta (2026. márc. 2., H, 10:15):\n> Szia'],
  ['Russian', 'пн, 2 мар. 2026 г. в 10:15, Ada <ada@x.example>:\n> Привет'],
  ['Ukrainian', 'пн, 2 бер. 2026 р. о 10:15 Ada <ada@x.example> пише:\n> Привіт'],
  ['Turkish', 'Ada <ada@x.example>, 2 Mar 2026 Pzt, 10:15 tarihinde şunu yazdı:\n> Merhaba'],
  ['Japanese', '2026年3月2日(月) 10:15 Ada <ada@x.example>:\n> こんにちは'],
  ['Chinese', 'Ada <ada@x.example> 于2026年3月2日周一 10:15写道：\n> 你好'],
  ['Korean', '2026년 3월 2일 (월) 오전 10:15, Ada <ada@x.example>님이 작성:\n> 안녕'],
  ['Vietnamese', 'Vào Th 2, 2 thg 3, 2026 vào lúc 10:15 Ada <ada@x.example> đã viết:\n> Chào'],
  ['Hebrew', 'בתאריך יום ב׳, 2 במרץ 2026 ב-10:15 מאת Ada <ada@x.example>:\n> שלום'],
  ['Arabic', 'في الاثنين، 2 مارس 2026 في 10:15 ص تمت كتابة ما يلي بواسطة Ada <ada@x.example>:\n> مرحبا'],
  ['Greek', 'Στις Δευ, 2 Μαρ 2026 στις 10:15 π.μ., ο χρήστης Ada <ada@x.example> έγραψε:\n> Γεια'],
  ['Romanian', 'În lun., 2 mar. 2026 la 10:15, Ada <ada@x.example> a scris:\n> Bună'],
  ['Yandex', 'Понедельник, 2 марта 2026, 10:15 +03:00 от Ada <ada@x.example>:\n\nПривет\nАда'],
  ['mutt', '* Ada <ada@x.example> [2026-03-02 10:15]:\n> Hello'],
  ['Horde in German', 'Zitat von Ada <ada@x.example>:\n\n> Hallo'],
  ['a name and an address alone', 'Ada Lovelace (ada@x.example) wrote:\nHello'],
  ['without > marks', 'On Mon, 2 Mar 2026 at 10:15, Ada <ada@x.example> wrote:\n\nHello\nAda'],
  [
    'Outlook in English',
    'From: Ada <ada@x.example>\nSent: Monday, March 2, 2026 10:15\nTo: Bob\nSubject: Chairs\n\nHello',
  ],
  [
    'Outlook in German',
    'Von: Ada <ada@x.example>\nGesendet: Montag, 2. März 2026 10:15\nAn: Bob\nBetreff: Stühle\n\nHallo',
  ],
  [
    'Outlook in French',
    'De : Ada <ada@x.example>\nEnvoyé : lundi 2 mars 2026 10:15\nÀ : Bob\nObjet : Chaises\n\nBonjour',
  ],
  [
    'Outlook in Spanish',
    'De: Ada <ada@x.example>\nEnviado el: lunes, 2 de marzo de 2026 10:15\nPara: Bob\nAsunto: Sillas\n\nHola',
  ],
  ['Outlook in Chinese', '发件人: Ada\n发送时间: 2026年3月2日 10:15\n收件人: Bob\n主题: 椅子\n\n你好'],
  [
    'Outlook with its rule',
    '________________________________\nFrom: Ada <ada@x.example>\nSent: Monday 10:15\nTo: Bob\nSubject: Chairs\n\nHello',
  ],
  ['Outlook of old', '-----Original Message-----\nFrom: Ada\nSent: Monday\n\nHello'],
  ['Outlook of old in German', '-----Ursprüngliche Nachricht-----\nVon: Ada\n\nHallo'],
  ['marks alone', '> Hello\n> Ada'],
  ['a telephone', '---- Ada wrote ----\nHello'],
])('%s: what follows is quoted', (_, old) => {
  expect(quotedFrom(OWN + old)).toBe(OWN.length)
  expect(replyText(OWN + old)).toBe('Fine, thank you.')
})

test.each([
  ['nothing is quoted', 'Fine.\n\nAda'],
  ['nothing would remain', '> Hello\n> there'],
  ['the writer goes on below', 'On Mon, 2 Mar 2026 at 10:15, Ada <a@x.example> wrote:\n> Hello\n\nFine.'],
  [
    'it is passed on',
    'See below.\n\n---------- Forwarded message ---------\nFrom: Ada <a@x.example>\nDate: Mon, 2 Mar 2026 10:15\nSubject: Chairs\n\nHello',
  ],
  [
    'it is passed on in German',
    'Siehe unten.\n\n-------- Weitergeleitete Nachricht --------\nVon: Ada\nDatum: 2.3.2026\nBetreff: Stühle\n\nHallo',
  ],
  ['somebody only speaks of writing', 'On Monday she wrote: we need chairs.\nAnd then nothing.'],
  ['a shop is named', 'Please order.\nFrom: the shop\nBest, Ada'],
])('nothing is folded away where %s', (_, text) => {
  expect(quotedFrom(text)).toBeNull()
})

test.each([
  ['Fine.\n-- \nAda Lovelace\nTel. 1', 'Fine.'],
  ['Fine.\n\nMit freundlichen Grüßen\nAda Lovelace', 'Fine.'],
  ['Fine.\n\nSent from my iPhone', 'Fine.'],
  ['Fine.\n\n(sent from a telephone)', 'Fine.'],
  ['Fine.\n\nOutlook für Android herunterladen', 'Fine.'],
  ['Fine.\n\nSent by train, it takes two days', 'Fine.\n\nSent by train, it takes two days'],
  ['Fine.\n\nVon meinem iPhone gesendet', 'Fine.'],
  ['Sent from my desk, it is easier.', 'Sent from my desk, it is easier.'],
  ['First?\n> old\nSecond!\n> older\n', 'First?\nSecond!'],
  [`Fine.\n> ${'long '.repeat(13)}\nend\n> more`, 'Fine.'],
  ['Fine.\n> old\n (https://x.example/a) >\n> old', 'Fine.'],
  ['Fine.\n> See (https://x.example/a\n?b=1) there\n> old', 'Fine.'],
  ['Fine. On Mon, 2 Mar 2026 10:15, ada@x.example wrote:\n> old', 'Fine.'],
  ['Fine.--- On Mon, 2 Mar 2026, ada@x.example wrote:\n\n> old', 'Fine.'],
  [
    'On Mon, 2 Mar 2026 10:15 Ada\n\n<\nmailto:ada@x.example\n> wrote:\nold',
    'On Mon, 2 Mar 2026 10:15 Ada\n\n<\nmailto:ada@x.example\n> wrote:\nold',
  ],
  ['Fine.\n\nOn Mon, 2 Mar 2026 10:15 Ada\n\n<\nmailto:ada@x.example\n> wrote:\nold', 'Fine.'],
])('of %j the writer added %j', (text, own) => {
  expect(replyText(text)).toBe(own)
})

test.each([
  [
    'Gmail',
    '<div>Fine</div><div class="gmail_quote"><div class="gmail_attr">Ada:</div><blockquote>Hello</blockquote></div>',
  ],
  ['Outlook', '<p>Fine</p><div id="divRplyFwdMsg"><b>Ada</b></div><div>Hello</div>'],
  [
    'Outlook on Windows',
    '<p>Fine</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt">Ada</div><p>Hello</p>',
  ],
  ['Thunderbird', '<p>Fine</p><div class="moz-cite-prefix">Ada:</div><blockquote type="cite">Hello</blockquote>'],
  ['Yahoo', 'Fine<br><div id="yahoo_quoted_123" class="yahoo_quoted">Hello</div>'],
  ['GMX', '<div>Fine</div><div name="quoted-content" class="gmail_quote_container">Hello</div>'],
])('%s marks the old mail in its HTML', (_, html) => {
  const { text, quotedFrom } = htmlText(html)
  expect([text.slice(0, quotedFrom ?? 0).trim(), text.slice(quotedFrom ?? 0)]).toEqual([
    'Fine',
    expect.stringMatching(/Hello$/),
  ])
})

test('what is written below a quote in HTML stays in sight', () => {
  expect(htmlText('<p>Hi</p><div class="gmail_quote">Hello</div><p>Fine</p>')).toEqual({
    text: 'Hi\n\nHello\n\nFine',
    quotedFrom: null,
  })
})

test("a bare quotation below somebody's words is another's; at the top, or styled as an indentation, it is theirs", () => {
  expect(htmlText('<p>Fine</p><blockquote>Hello</blockquote>').text).toBe('Fine\n\n> Hello')
  expect(htmlText('<blockquote>Fine</blockquote>').text).toBe('Fine')
  expect(htmlText('<p>Fine</p><blockquote style="margin:0 0 0 40px">Hello</blockquote>').text).toBe('Fine\n\nHello')
})

test('HTML is read as its reader sees it', () => {
  const html =
    '<head><title>No</title><style>p{}</style></head><p>One &amp; two</p><ul><li>a</li><li>b</li></ul><table><tr><td>x</td><td>y</td></tr></table><pre>  p\n  q</pre><blockquote type="cite">old</blockquote><script>no()</script><span style="display:none">no</span>'
  expect(htmlText(html).text).toBe('One & two\n\n- a\n- b\n\nx y\n\n  p\n  q\n\n> old')
})

test('folding never leaves the writer without words, and never goes beyond the text', () => {
  const line = fc.constantFrom(
    '> old',
    'On 2.3.2026 10:15 a@x.example wrote:',
    'Hello',
    '',
    'From: a@x.example',
    'To: b',
    'Sent: Monday 10:15',
    '--',
    '____________',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      const text = lines.join('\n')
      const at = quotedFrom(text)
      if (at !== null) expect(text.slice(0, at).trim()).not.toBe('')
      if (text.trim()) expect(replyText(text)).not.toBe('')
    }),
  )
})

test.each([
  ['ca', 'Missatge de Ada Lovelace <ada@x.example> del dia dv., 20 de nov. 2026 a les 10:41:'],
  ['eu', 'Ada Lovelace (ada@x.example) erabiltzaileak hau idatzi du (2026 aza. 20, or. (10:41)):'],
  ['gl', 'O ven., 20 de nov. de 2026 ás 10:41, Ada Lovelace (<ada@x.example>) escribiu:'],
  ['sl', 'V pet., 20. nov. 2026 ob 10:41 je oseba Ada Lovelace <ada@x.example> napisala:'],
  [
    'he',
    '\u202bבתאריך יום ו׳, 20 בנוב׳ 2026 ב-10:41 מאת \u202aAda\u202c\u200f <\u202aada@x.example\u202c\u200f>:\u202c',
  ],
  ['ar', 'في الجمعة، ٢٠ نوفمبر ٢٠٢٦ في 10:41 ص تمت كتابة ما يلي بواسطة Ada Lovelace <ada@x.example>:'],
  [
    'outlook-hr',
    'Od: Ada Lovelace <ada@x.example>\nPoslano: petak, 20. studenoga 2026. 10:41\nPrima: Ben\nPredmet: Stolice',
  ],
  [
    'outlook-et',
    'Saatja: Ada Lovelace <ada@x.example>\nSaatmisaeg: reede, 20. november 2026 10:41\nAdressaat: Ben\nTeema: Toolid',
  ],
  [
    'outlook-lv',
    'No: Ada Lovelace <ada@x.example>\nNosūtīts: piektdiena, 2026. gada 20. novembris 10:41\nKam: Ben\nTēma: Krēsli',
  ],
  ['outlook-lt', 'Nuo: Ada Lovelace <ada@x.example>\nIšsiųsta: 2026 m. lapkričio 20 d. 10:41\nKam: Ben\nTema: Kėdės'],
  [
    'outlook-is',
    'Frá: Ada Lovelace <ada@x.example>\nSent: föstudagur, 20. nóvember 2026 10:41\nTil: Ben\nEfni: Stólar',
  ],
  [
    'outlook-ca',
    'De: Ada Lovelace <ada@x.example>\nEnviat el: divendres, 20 de novembre de 2026 10:41\nPer a: Ben\nTema: Cadires',
  ],
  ['outlook-sl', 'Od: Ada Lovelace <ada@x.example>\nPoslano: petek, 20. november 2026 10:41\nZa: Ben\nZadeva: Stoli'],
  ['outlook-vi', 'Từ: Ada Lovelace <ada@x.example>\nĐã gửi: Thứ Sáu, 20 tháng 11, 2026 10:41\nĐến: Ben\nChủ đề: Ghế'],
  ['outlook-id', 'Dari: Ada Lovelace <ada@x.example>\nDikirim: Jumat, 20 November 2026 10.41\nKe: Ben\nSubjek: Kursi'],
  ['outlook-th', 'จาก: Ada Lovelace <ada@x.example>\nส่ง: วันศุกร์ที่ 20 พฤศจิกายน 2026 10:41\nถึง: Ben\nเรื่อง: เก้าอี้'],
])('the announcement of a quote is known in further languages: %s', (_, head) => {
  const own = 'Thanks, that works.'
  expect(replyText(`${own}\n\n${head}\n\nHello Ben,\nold text here.`)).toBe(own)
  expect(replyText(`${own}\n\n${head}\n> Hello Ben,\n> old text here.\n`)).toBe(own)
})
