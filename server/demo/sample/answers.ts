import type { Language } from './people.ts'

/** What the mail sent to the customer is about, as far as its words tell. */
type Topic = 'price' | 'date' | 'file' | 'question' | 'other'

const WORDS: [Exclude<Topic, 'other'>, RegExp][] = [
  [
    'price',
    /\b(price|quote|discount|preis|angebot|prix|devis|precio|oferta|prijs|offerte|preço|proposta)|[$€£]\s?\d|\d\s?€|見積|単価/i,
  ],
  ['file', /\b(attach|enclosed|anbei|anhang|ci-joint|adjunt|bijlage|bijgevoegd|anexo|segue)|添付/i],
  [
    'date',
    /\b(deadline|extension|schedule|deliver|frist|termin|liefer|délai|livraison|plazo|entrega|levering|termijn|prazo)|納期/i,
  ],
  ['question', /[?？]/],
]

/** The first topic whose words stand in the text. */
function topicOf(text: string): Topic {
  return WORDS.find(([, words]) => words.test(text))?.[0] ?? 'other'
}

const ENGLISH: Record<Topic, string[]> = {
  price: [
    'Thank you for the numbers. I have passed them to our finance team. Is the price firm until the end of the quarter, and does it include shipping?',
    'Thanks, that was quick. Finance asks whether there is a break at a larger quantity, say twenty percent more. Otherwise this looks good.',
    'Received. I put it next to the other two offers and will come back by {+3}.',
  ],
  date: [
    'Thank you. The date works for us. Could you confirm it again in writing two days before, so that I can have somebody at the gate?',
    'That is a little late for us. If {+4} were possible it would save me a conversation with my manager.',
    'Noted, I have put it in the calendar of everybody concerned.',
  ],
  file: [
    'Thank you, the document opens fine. Our side needs until {+2} to read it. Who should I ask if there are questions about page 2?',
    'Received with thanks. One remark: the document still carries the old company name on the first page, could you correct that?',
    'Got the file. Legal has it now, they are usually quick with short papers.',
  ],
  question: [
    'Good question. I asked our shop: yes, as you assumed, with one exception that I will send tomorrow. Does that hold anything up on your side?',
    'To answer you: the first option, please. For the second I would need approval that I do not have today.',
    'I will find out and get back to you by {+1w}.',
  ],
  other: [
    'Thank you for getting back to me so fast. One more thing: who would be our contact if this becomes urgent over a weekend?',
    'Thanks, that is clear. I will share it with my colleagues and come back with their comments.',
    'Much appreciated. We will discuss it in our meeting on {+2}.',
  ],
}

const CLOSING: Record<Language, string[]> = {
  en: [
    'Perfect, that settles it from our side. Thank you.',
    'All clear now, thanks for your patience. No further questions.',
  ],
  de: ['Vielen Dank, damit ist für uns alles geklärt.'],
  fr: ['Parfait, tout est clair de notre côté. Merci.'],
  es: ['Perfecto, por nuestra parte queda todo claro. Gracias.'],
  nl: ['Helemaal goed, voor ons is alles duidelijk. Dank.'],
  pt: ['Perfeito, da nossa parte fica tudo esclarecido. Obrigado.'],
  ja: ['承知いたしました。ご対応ありがとうございました。'],
}

const OTHERS: Record<Exclude<Language, 'en'>, string[]> = {
  de: [
    'Vielen Dank für die schnelle Antwort. Ich habe sie an den Einkauf weitergegeben. Gilt das auch noch, wenn wir erst {+8} bestellen?',
    'Danke, das hilft. Eine Rückfrage: Wer ist bei Ihnen für die Inbetriebnahme zuständig?',
    'Besten Dank. Wir besprechen das am {+2} und melden uns.',
  ],
  fr: [
    'Merci pour votre réponse rapide. Pourriez-vous confirmer que ces conditions restent valables jusqu’au {+8} ?',
    'Bien reçu, merci. Une question encore : qui sera notre interlocuteur pour la mise en service ?',
    'Merci beaucoup. Nous en parlons en réunion {+2w} et revenons vers vous.',
  ],
  es: [
    'Muchas gracias por la rapidez. ¿Las condiciones se mantienen si el pedido sale el {+8}?',
    'Gracias, queda claro. Una duda: ¿quién sería nuestro contacto para la puesta en marcha?',
    'Recibido, gracias. Lo vemos el {+2} y les digo algo.',
  ],
  nl: [
    'Dank voor de snelle reactie. Blijven deze voorwaarden geldig als wij pas {+8} bestellen?',
    'Dank u, dat is duidelijk. Wie is bij u het aanspreekpunt voor de ingebruikname?',
    'Ontvangen, dank. Wij bespreken het {+2w} en komen erop terug.',
  ],
  pt: [
    'Muito obrigado pela resposta rápida. As condições mantêm-se se a encomenda seguir só em {+8}?',
    'Obrigado, ficou claro. Uma dúvida: quem será o nosso contacto para a instalação?',
    'Recebido, obrigado. Vamos analisar na reunião de {+2} e damos resposta.',
  ],
  ja: [
    '早速のご回答ありがとうございます。ご発注が{+8}になった場合も、同じ条件でよろしいでしょうか。',
    'ご連絡ありがとうございます。社内で確認し、改めてご連絡いたします。',
    '承知いたしました。{+2}の会議で検討いたします。',
  ],
}

/**
 * The answer to a mail with this text, in a language; `answered` is how often this thread was answered before, the
 * `last` answer ends it. `pick` chooses between wordings.
 */
export function answerText(language: Language, text: string, answered: number, last: boolean, pick: number): string {
  const wordings = last ? CLOSING[language] : language === 'en' ? ENGLISH[topicOf(text)] : OTHERS[language]
  return wordings[(last ? pick : answered + pick) % wordings.length] ?? ''
}

const MARKERS: [Language, RegExp][] = [
  ['ja', /[぀-ヿ]/],
  ['de', /\b(und|nicht|für|vielen|bitte|grüße|sehr geehrte)\b/gi],
  ['fr', /\b(bonjour|merci|nous|vous|pour|cordialement|est)\b/gi],
  ['es', /\b(gracias|para|los|estimad[oa]s?|saludos|una|por)\b/gi],
  ['nl', /\b(het|een|graag|met vriendelijke|bedankt|niet|voor)\b/gi],
  ['pt', /\b(obrigad[oa]|não|uma|cumprimentos|para|são)\b/gi],
  ['en', /\b(the|and|thank|you|please|regards|is)\b/gi],
]

/** The language that a text is most likely in; English when nothing speaks for another. */
export function languageOf(text: string): Language {
  let best: [Language, number] = ['en', 0]
  for (const [language, words] of MARKERS) {
    const found = text.match(words)?.length ?? 0
    if (language === 'ja' && found > 0) return 'ja'
    if (found > best[1]) best = [language, found]
  }
  return best[0]
}
