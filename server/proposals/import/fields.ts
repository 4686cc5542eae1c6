import { nameKey } from '../../people/names.ts'

/** What a column of a file can be. Where several columns are the same, the first that is filled counts. */
export const IMPORT_FIELDS = [
  'externalId',
  'title',
  'organization',
  'value',
  'currency',
  'award',
  'stage',
  'status',
  'probability',
  'ownProbability',
  /** Of an open proposal when it is expected to be decided, of one that ended when it was. */
  'closeDate',
  'expectedDecision',
  'decidedAt',
  'createdAt',
  'submittedAt',
  'stageSince',
  /** When it entered the stage that the name of the column tells. */
  'enteredStage',
  'owner',
  'reason',
  'nextStep',
  'nextStepOn',
  'description',
  'source',
  'solicitation',
  'due',
  'dueZone',
] as const
export type ImportField = (typeof IMPORT_FIELDS)[number]

export const isImportField = (text: string): text is ImportField => (IMPORT_FIELDS as readonly string[]).includes(text)

export const DATE_FIELDS: readonly ImportField[] = [
  'closeDate',
  'expectedDecision',
  'decidedAt',
  'createdAt',
  'submittedAt',
  'stageSince',
  'enteredStage',
  'nextStepOn',
  'due',
]

/** The name of a column as it is compared: words alone. */
export const headKey = (name: string): string =>
  nameKey(name.replace(/([a-z])([A-Z])/g, '$1 $2'))
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** What columns are called whatever the system, in the languages of those who export. */
const NAMES: Partial<Record<ImportField, string[]>> = {
  externalId: ['id', 'external id', 'record id', 'deal id', 'opportunity id', 'key'],
  title: [
    'title',
    'name',
    'subject',
    'topic',
    'deal',
    'deal name',
    'opportunity',
    'opportunity name',
    'proposal',
    'titel',
    'bezeichnung',
    'projekt',
    'titre',
    'nom',
    'titulo',
    'nombre',
  ],
  organization: [
    'organization',
    'organisation',
    'organization name',
    'company',
    'company name',
    'account',
    'account name',
    'customer',
    'client',
    'agency',
    'kunde',
    'firma',
    'societe',
    'empresa',
    'cliente',
  ],
  value: ['value', 'amount', 'price', 'deal value', 'total', 'wert', 'betrag', 'summe', 'montant', 'importe', 'valor'],
  currency: [
    'currency',
    'currency code',
    'amount currency',
    'currency iso code',
    'wahrung',
    'waehrung',
    'devise',
    'moneda',
  ],
  stage: ['stage', 'stage name', 'deal stage', 'sales stage', 'phase', 'etape', 'etapa', 'fase'],
  status: ['status', 'deal status', 'outcome', 'state', 'statut', 'estado'],
  probability: [
    'probability',
    'probability %',
    'win probability',
    'chance',
    'certainty',
    'wahrscheinlichkeit',
    'probabilite',
    'probabilidad',
  ],
  closeDate: ['close date', 'closing date', 'date closed', 'abschlussdatum', 'fecha de cierre', 'date de cloture'],
  expectedDecision: [
    'expected close date',
    'expected decision',
    'expected closing',
    'estimated close date',
    'est close date',
    'forecast close date',
  ],
  decidedAt: ['actual close date', 'closed on', 'closed at', 'decided', 'decision date', 'closed'],
  createdAt: [
    'created',
    'created at',
    'created on',
    'created date',
    'create date',
    'created time',
    'date created',
    'date entered',
    'creation date',
    'added on',
    'opened',
    'erstellt',
    'erstellt am',
    'angelegt',
    'cree le',
    'creado',
  ],
  submittedAt: ['submitted', 'submitted at', 'submitted on', 'submission date', 'sent on', 'abgegeben', 'abgabe'],
  stageSince: [
    'last stage change',
    'last stage change date',
    'last stage change at',
    'stage changed on',
    'stage since',
  ],
  owner: [
    'owner',
    'owner name',
    'owner email',
    'deal owner',
    'opportunity owner',
    'assigned to',
    'assigned user',
    'responsible',
    'salesperson',
    'zustandig',
    'verantwortlich',
    'responsable',
    'proprietaire',
    'propietario',
  ],
  reason: [
    'reason',
    'loss reason',
    'lost reason',
    'closed lost reason',
    'closed won reason',
    'win reason',
    'won reason',
    'grund',
  ],
  nextStep: ['next step', 'next steps', 'next action', 'nachster schritt'],
  nextStepOn: ['next step on', 'next step date', 'next activity date'],
  description: [
    'description',
    'notes',
    'background',
    'comments',
    'beschreibung',
    'notizen',
    'bemerkung',
    'descripcion',
  ],
  source: ['source', 'lead source', 'deal source', 'quelle', 'origen'],
  solicitation: ['solicitation', 'solicitation number', 'rfp number', 'tender number', 'reference', 'vergabenummer'],
  due: ['due', 'due date', 'deadline', 'submission deadline', 'bid due date', 'frist', 'abgabefrist', 'date limite'],
  dueZone: ['due zone', 'time zone', 'timezone'],
  award: ['award', 'actual revenue', 'won amount', 'awarded amount'],
}

export const namedFields = (names: Partial<Record<ImportField, string[]>>): Map<string, ImportField> =>
  new Map(
    // The casts: the keys of the object are fields.
    (Object.entries(names) as [ImportField, string[]][]).flatMap(([field, all]) =>
      all.map((name): [string, ImportField] => [headKey(name), field]),
    ),
  )

const BY_NAME = namedFields(NAMES)

/** What a column most likely is by its name alone. */
export const fieldNamed = (name: string): ImportField | undefined => BY_NAME.get(headKey(name))
