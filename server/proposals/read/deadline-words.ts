import { anyOf } from './pattern.ts'

// The words that tell what a date is: the deadline of questions, that of the offer, or something else.

export const QUESTIONS = anyOf(
  "questions?|queries|inquir(?:y|ies)|enquir(?:y|ies)|clarifications?|q ?& ?a|RFIs|fragen|bieterfragen|rückfragen|bieteranfragen|anfragen|demandes? (?:de |d')(?:renseignements?|précisions?|éclaircissements?|informations?)|preguntas|consultas|aclaraciones|dudas",
)
/** What is handed in. */
export const OFFER = anyOf(
  'proposals?|bids?|quotes?|quotations?|offers?|tenders?|submissions?|responses?|rfp|rfq|rfi|itt|ifb|packages?|angebote?s?|angebotsfrist|angebotsabgabe|abgabe|teilnahmeanträge|offres?|plis|candidatures?|soumissions?|devis|ofertas?|propuestas?|proposiciones|licitaciones|cotizaci(?:ón|ones)',
)
/** What says that something ends then. */
export const DUE = anyOf(
  "due|deadline|closing|closes?|clos(?:es|ed)|no later than|not later than|nlt|by|before|until|on or before|must be (?:received|submitted|delivered)|submit|submitted|received|respond|responses?|reply by|cut-?off|abgabefrist|angebotsfrist|frist|abgabetermin|abgabeschluss|einsendeschluss|einreichungsfrist|schlusstermin|bis|spätestens|einzureichen|einreichung|eingereicht|eingehen|abzugeben|date limite|limite|délai|avant|au plus tard|jusqu'(?:au|à)|remises?|remettre|dépôt|déposées?|déposer|réception|clôture|échéance|plazo|fecha (?:de )?(?:límite|tope)|fecha limite|límite|hasta|antes|a más tardar|más tardar|vence|vencimiento|cierre|presentarse|presentación|entrega|recepción",
)
/** What says by itself that offers end then. */
export const NAMED_DEADLINE = anyOf(
  'deadline|due date|closing(?: date)?|closes|abgabefrist|angebotsfrist|frist|abgabetermin|abgabeschluss|einsendeschluss|einreichungsfrist|schlusstermin|date limite|délai|plazo|fecha (?:de )?(?:límite|limite|tope|cierre)',
)
/** What has a date of its own and is no deadline. */
export const OTHER = anyOf(
  'site visit|walk-?through|pre-?(?:bid|proposal) (?:meeting|conference)|conference|webinar|meeting|call on|kick-?off|award(?:ed)?|anticipated award|contract start|start(?:s|ing)?|begins?|commence\\w*|effective|published|posted|issued|released|dated|valid(?:ity)?|expires?|interviews?|orals|presentations?|opening|opened|delivery of goods|completion|period of performance|invoices?|payments?|paid|pay|regist\\w+|rsvp|subscription|anmeldung|anmelden|zahlung|rechnung|inscription|inscrire|paiement|facture|inscripción|inscribirse|pago|factura|besichtigung|ortstermin|ortsbegehung|bieterkonferenz|besprechung|termin für (?:die )?besichtigung|zuschlag\\w*|bindefrist|vertragsbeginn|beginn|veröffentlicht|veröffentlichung|bekanntmachung|lieferung|visite|réunion|attribution|notification|démarrage|début|publié\\w*|publication|validité|ouverture|livraison|visita|reunión|adjudicación|inicio|publicad[oa]|publicación|validez|apertura',
)
/** Answers to questions: a date of the customer, not of ours. */
export const ANSWERS = anyOf(
  'answers?(?: to (?:the |all |your )?\\p{L}+)?|(?:responses?|replies) to (?:the |all |your )?questions?|antworten(?: auf (?:die |ihre )?\\p{L}+)?|beantwort\\w*|réponses aux questions|respuestas? a(?: las)? (?:preguntas|consultas)',
)
/** Right before a date or hour after which something happens. */
export const AFTERWARDS = anyOf('after|since|starting|nach dem|nach|seit|après|depuis|después|a partir|desde')

/** What says that a date took the place of another. */
export const AMENDED = anyOf(
  'extend(?:ed|s|ing)?|extension|postponed?|moved|changed|rescheduled|pushed(?: back)?|revised|amended|now due|new (?:due date|deadline|closing date)|verschoben|verlängert|verlängerung|verlegt|geändert|neue[rn]? (?:frist|termin|abgabetermin|abgabefrist)|report(?:é|ée|és|ées)|repouss(?:é|ée|és)|prorog(?:é|ée|ation)|prolong(?:é|ée|ation)|modifi(?:é|ée)|nouvelle date|nouveau délai|aplaz(?:ado|ada|a)|ampl[ií]a(?:do|da|ción)?|prorrog(?:ado|ada|a)|prórroga|pospuest[oa]|nuev[oa] (?:plazo|fecha)|trasladad[oa]',
)
/** The day of the week that may stand before a date, with an article. */
const WEEKDAY =
  '(?:(?:the|le|el|am|den|dem|be|due) ){0,2}(?:(?:(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|die|mit|don|fre|son)\\p{L}{0,8}[.,]{0,2}|(?:mo|di|mi|do|fr|sa|so)[.,]{1,2}) )?'
const before = (words: string) => new RegExp(`(?<!\\p{L})(?:${words})[ :(,]{1,3}${WEEKDAY}$`, 'iu')
/** Right before a date that counts no more. */
export const OLD_DATE = before(
  'from|instead of|rather than|previously|originally|original(?: due date| deadline| closing date)?(?: of| was)?|was|formerly|not(?: on)?|vom|von|statt(?: am)?|anstatt(?: am)?|ursprünglich(?: am| bis)?|bisher(?:ige[rn]? \\p{L}{1,20})?(?: am| bis)?|du|au lieu du|initialement(?: prévue?(?: le| au)?)?|del|desde el|en lugar del|en vez del|inicialmente(?: el)?|anterior',
)
/** Right before the date that counts from now on. */
export const NEW_DATE = before(
  "new (?:due date|deadline|closing date|date)(?: for \\p{L}{1,20})? (?:is|will be)|neue[rn]? (?:frist|termin|abgabetermin|abgabefrist) ist(?: der)?|nouvelle date(?: limite)? est|nueva fecha(?: límite)? es|to|until|till|through|now|is now|auf(?: den)?|bis(?: zum)?|jetzt|nunmehr|neu|au|jusqu'au|à présent|désormais(?: le| au)?|al|hasta el|para el|ahora(?: el)?",
)

/** What makes a date less than certain. */
export const VAGUE = anyOf(
  'tentative(?:ly)?|anticipated|approximate(?:ly)?|approx\\.?|about|around|expected|estimated|target(?:ed)?|planned|likely|probably|perhaps|maybe|may be|might|could|would|subject to change|tbd|tba|tbc|to be confirmed|not yet|unless|if|whether|voraussichtlich|etwa|ca\\.?|circa|gegen|ungefähr|geplant|vorläufig|vermutlich|wahrscheinlich|falls|wenn|environ|vers|prévisionnel(?:le)?|provisoire|probablement|sans doute|sous réserve|à confirmer|aproximadamente|aprox\\.?|previst[oa]|provisional|probablemente|tentativ[oa]|por confirmar',
)
/** What says that it is not so. */
export const DENIED = anyOf(
  "cancel(?:l?ed|s)|withdrawn|no longer|not due|isn't|is not|never|missed|was due|were due|has passed|aufgehoben|storniert|zurückgezogen|nicht mehr|kein|keine|war|annulé(?:e|s|es)?|n'est (?:pas|plus)|ne sont (?:pas|plus)|était|cancelad[oa]|anulad[oa]|ya no|no es|era",
)
/** What says of all hours in a mail which zone they are meant in. */
export const ALL_TIMES = anyOf(
  'all (?:times|hours|deadlines)|times (?:are|stated|given|shown|listed)|alle (?:uhr)?zeiten|alle zeitangaben|zeitangaben|toutes les heures|les heures (?:sont|indiquées)|todas las horas|las horas (?:son|indicadas)',
)
