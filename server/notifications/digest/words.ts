import type { DigestLanguage } from '../../../db/vocabulary.ts'

/** The bars of what changed that a digest tells of, in their order. */
export const CHANGES = [
  'opening',
  'new',
  'increased',
  'decreased',
  'won',
  'lost',
  'noBid',
  'withdrawn',
  'cancelled',
  'closing',
] as const
type Change = (typeof CHANGES)[number]

type Words = Record<Change, string> & {
  subject: string
  open: string
  weighted: string
  withoutValue: string
  withoutRate: string
  due: string
  changed: string
  stuck: string
  none: string
  overdue: string
  idle: (days: number) => string
  more: (n: number) => string
  choose: string
}

export const WORDS: Record<DigestLanguage, Words> = {
  en: {
    subject: 'Proposals this week',
    open: 'Open',
    weighted: 'weighted',
    withoutValue: 'without a value',
    withoutRate: 'without an exchange rate',
    due: 'Due in the next 14 days',
    changed: 'Changed since last week',
    opening: 'Open a week ago',
    new: 'New',
    increased: 'Increased',
    decreased: 'Decreased',
    won: 'Won',
    lost: 'Lost',
    noBid: 'No bid',
    withdrawn: 'Withdrawn',
    cancelled: 'Cancelled',
    closing: 'Open now',
    stuck: 'Stuck',
    none: 'None',
    overdue: 'overdue',
    idle: (days) => `nothing for ${days} days`,
    more: (n) => `and ${n} more`,
    choose: 'When this comes, or that it does not',
  },
  de: {
    subject: 'Angebote dieser Woche',
    open: 'Offen',
    weighted: 'gewichtet',
    withoutValue: 'ohne Wert',
    withoutRate: 'ohne Wechselkurs',
    due: 'Fällig in den nächsten 14 Tagen',
    changed: 'Seit letzter Woche geändert',
    opening: 'Vor einer Woche offen',
    new: 'Neu',
    increased: 'Gestiegen',
    decreased: 'Gesunken',
    won: 'Gewonnen',
    lost: 'Verloren',
    noBid: 'Nicht angeboten',
    withdrawn: 'Zurückgezogen',
    cancelled: 'Vom Kunden abgesagt',
    closing: 'Jetzt offen',
    stuck: 'Ohne Bewegung',
    none: 'Keine',
    overdue: 'überfällig',
    idle: (days) => `seit ${days} Tagen nichts`,
    more: (n) => `und ${n} weitere`,
    choose: 'Wann diese Übersicht kommt, oder ob',
  },
  fr: {
    subject: 'Les offres de la semaine',
    open: 'En cours',
    weighted: 'pondéré',
    withoutValue: 'sans montant',
    withoutRate: 'sans taux de change',
    due: 'À remettre dans les 14 jours',
    changed: 'Changements depuis une semaine',
    opening: 'En cours il y a une semaine',
    new: 'Nouvelles',
    increased: 'En hausse',
    decreased: 'En baisse',
    won: 'Gagnées',
    lost: 'Perdues',
    noBid: 'Sans réponse de notre part',
    withdrawn: 'Retirées',
    cancelled: 'Annulées par le client',
    closing: 'En cours maintenant',
    stuck: 'Sans mouvement',
    none: 'Aucune',
    overdue: 'en retard',
    idle: (days) => `rien depuis ${days} jours`,
    more: (n) => `et ${n} de plus`,
    choose: 'Quand ce résumé arrive, ou pas du tout',
  },
  es: {
    subject: 'Las ofertas de la semana',
    open: 'Abiertas',
    weighted: 'ponderado',
    withoutValue: 'sin importe',
    withoutRate: 'sin tipo de cambio',
    due: 'Vencen en los próximos 14 días',
    changed: 'Cambios desde la semana pasada',
    opening: 'Abiertas hace una semana',
    new: 'Nuevas',
    increased: 'Al alza',
    decreased: 'A la baja',
    won: 'Ganadas',
    lost: 'Perdidas',
    noBid: 'Sin oferta',
    withdrawn: 'Retiradas',
    cancelled: 'Canceladas por el cliente',
    closing: 'Abiertas ahora',
    stuck: 'Sin movimiento',
    none: 'Ninguna',
    overdue: 'vencida',
    idle: (days) => `nada desde hace ${days} días`,
    more: (n) => `y ${n} más`,
    choose: 'Cuándo llega este resumen, o que no llegue',
  },
}
