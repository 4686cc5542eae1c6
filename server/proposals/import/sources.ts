import { fieldNamed, headKey, type ImportField, namedFields } from './fields.ts'
import type { Table } from './read-table.ts'

/** A system whose exports are known by the names of their columns. */
type Source = {
  id: string
  label: string
  /** Names that no other system gives: so many of them must be there. */
  signs: string[]
  least: number
  /** What its columns are, where the name alone would say something else, or nothing. */
  fields: Partial<Record<ImportField, string[]>>
  /** Columns to leave out, although the name alone would make something of them. */
  not?: string[]
}

/** Highest first: where two fit as well, the first counts. */
const SOURCES: Source[] = [
  {
    id: 'downfield',
    label: 'Downfield',
    signs: ['Own probability', 'Days in stage', 'Idle days', 'Due zone', 'Expected decision', 'Pushed'],
    least: 4,
    fields: {
      externalId: ['Number'],
      status: ['Outcome'],
      ownProbability: ['Own probability'],
      decidedAt: ['Decided'],
      organization: ['Customer'],
    },
    not: ['Status', 'Probability'],
  },
  {
    id: 'dynamics',
    label: 'Microsoft Dynamics 365',
    signs: [
      '(Do Not Modify) Opportunity',
      '(Do Not Modify) Row Checksum',
      '(Do Not Modify) Modified On',
      'Est. Revenue',
      'Est. Close Date',
      'Potential Customer',
      'Status Reason',
    ],
    least: 2,
    fields: {
      externalId: ['(Do Not Modify) Opportunity', 'opportunityid'],
      title: ['Topic'],
      organization: ['Potential Customer', 'Account'],
      value: ['Est. Revenue', 'Estimated Revenue'],
      award: ['Actual Revenue'],
      stage: ['Pipeline Phase', 'Sales Stage', 'Process Stage'],
      status: ['Status'],
      expectedDecision: ['Est. Close Date', 'Estimated Close Date'],
      decidedAt: ['Actual Close Date'],
      reason: ['Status Reason'],
      description: ['Description'],
    },
  },
  {
    id: 'pipedrive',
    label: 'Pipedrive',
    signs: [
      'Deal - ID',
      'Deal - Title',
      'Deal - Value',
      'Deal - Stage',
      'Deal - Status',
      'Won time',
      'Lost time',
      'Deal created',
      'Currency of Value',
      'Last stage change',
    ],
    least: 2,
    fields: {
      externalId: ['Deal - ID'],
      title: ['Deal - Title'],
      organization: ['Deal - Organization', 'Organization'],
      value: ['Deal - Value'],
      currency: ['Deal - Currency of Value', 'Currency of Value', 'Deal - Currency'],
      stage: ['Deal - Stage'],
      status: ['Deal - Status'],
      probability: ['Deal - Probability'],
      expectedDecision: ['Deal - Expected close date'],
      decidedAt: [
        'Deal - Won time',
        'Deal - Lost time',
        'Deal - Deal closed on',
        'Deal closed on',
        'Won time',
        'Lost time',
      ],
      createdAt: ['Deal - Deal created', 'Deal created'],
      stageSince: ['Deal - Last stage change', 'Last stage change'],
      owner: ['Deal - Owner'],
      reason: ['Deal - Lost reason'],
      nextStepOn: ['Deal - Next activity date'],
      source: ['Deal - Source channel', 'Deal - Label'],
    },
  },
  {
    id: 'hubspot',
    label: 'HubSpot',
    signs: [
      'Record ID',
      'Deal Stage',
      'Deal Name',
      'Create Date',
      'Associated Company',
      'Deal owner',
      'Closed Lost Reason',
    ],
    least: 3,
    fields: {
      externalId: ['Record ID', 'Record ID - Deal', 'Deal ID'],
      organization: ['Associated Company', 'Primary Associated Company', 'Associated Company (Primary)'],
      probability: ['Deal probability'],
      source: ['Original Source', 'Original Source Type', 'Original Traffic Source'],
      nextStep: ['Next step'],
      nextStepOn: ['Next Activity Date'],
      description: ['Deal Description'],
    },
    not: ['Deal Type', 'Pipeline', 'Amount in company currency'],
  },
  {
    id: 'vtiger',
    label: 'vtiger',
    signs: [
      'Opportunity No',
      'Opportunity Name',
      'Organization Name',
      'Assigned To',
      'Expected Close Date',
      'Created Time',
      'Modified Time',
      'potential_no',
    ],
    least: 4,
    fields: {
      externalId: ['Opportunity No', 'Potential No', 'Deal No'],
      title: ['Opportunity Name', 'Potential Name'],
      organization: ['Organization Name', 'Related To'],
      closeDate: ['Expected Close Date'],
    },
    not: ['Forecast Amount', 'Forecast Revenue'],
  },
  {
    id: 'sage',
    label: 'Sage CRM',
    signs: [
      'oppo_opportunityid',
      'oppo_description',
      'oppo_forecast',
      'oppo_stage',
      'oppo_certainty',
      'oppo_targetclose',
      'oppo_opened',
      'Certainty %',
      'Close By',
      'Forecast',
    ],
    least: 2,
    fields: {
      externalId: ['oppo_opportunityid', 'Opportunity ID'],
      title: ['oppo_description', 'Description', 'Opportunity'],
      organization: ['comp_name', 'oppo_primarycompanyid', 'Company: Company Name'],
      value: ['oppo_forecast', 'Forecast', 'oppo_total'],
      stage: ['oppo_stage'],
      status: ['oppo_status'],
      probability: ['oppo_certainty', 'Certainty %', 'Certainty'],
      expectedDecision: ['oppo_targetclose', 'Close By'],
      decidedAt: ['oppo_closed'],
      createdAt: ['oppo_opened', 'oppo_createddate'],
      owner: ['oppo_assigneduserid', 'Assigned User'],
      description: ['oppo_note', 'Details'],
      source: ['oppo_source'],
    },
  },
  {
    id: 'sugar',
    label: 'SugarCRM or SuiteCRM',
    signs: [
      'amount_usdollar',
      'assigned_user_name',
      'assigned_user_id',
      'date_closed',
      'date_entered',
      'sales_stage',
      'opportunity_type',
      'Opportunity Amount',
      'Assigned User',
      'Sales Stage',
      'Date Created',
      'Date Modified',
    ],
    least: 3,
    fields: {
      title: ['Opportunity Name', 'name'],
      value: ['Opportunity Amount', 'amount', 'Likely'],
      closeDate: ['date_closed', 'Expected Close Date'],
      createdAt: ['date_entered', 'Date Created'],
      owner: ['assigned_user_name', 'Assigned to', 'Assigned User', 'Assigned User Name'],
    },
    not: ['amount_usdollar', 'currency_id', 'assigned_user_id'],
  },
  {
    id: 'zendesk',
    label: 'Zendesk Sell',
    signs: [
      'stage_name',
      'loss_reason_name',
      'estimated_close_date',
      'last_stage_change_at',
      'added_on',
      'hot',
      'Deal Name',
      'Added On',
      'Estimated Close Date',
      'Loss Reason',
      'Last Stage Change Date',
      'Primary Contact',
    ],
    least: 3,
    fields: {
      title: ['name', 'Deal Name'],
      organization: ['company_name', 'organization_name', 'Company Name', 'Primary Contact', 'contact_name'],
      stage: ['stage_name', 'Stage'],
      reason: ['loss_reason_name', 'Loss Reason'],
      source: ['source_name'],
      owner: ['owner_name', 'owner_email'],
      stageSince: ['last_stage_change_at'],
      createdAt: ['added_on', 'created_at'],
    },
  },
  {
    id: 'highrise',
    label: 'Highrise',
    signs: [
      'party_name',
      'party',
      'price_type',
      'Price type',
      'responsible_party',
      'responsible party name',
      'status_changed_on',
      'Status changed on',
      'category_name',
      'Background',
      'Duration',
    ],
    least: 3,
    fields: {
      organization: ['party_name', 'Party', 'Party name'],
      value: ['price'],
      status: ['status'],
      owner: ['responsible_party', 'responsible party name', 'Responsible party', 'owner'],
      decidedAt: ['status_changed_on'],
      description: ['background'],
      source: ['category', 'category_name'],
    },
  },
  {
    id: 'salesforce',
    label: 'Salesforce',
    signs: [
      'Opportunity Name',
      'Opportunity Owner',
      'Opportunity ID',
      'Account Name',
      'Close Date',
      'Probability (%)',
      'Lead Source',
      'StageName',
      'CloseDate',
      'IsClosed',
      'IsWon',
      'OwnerId',
      'AccountId',
      'ForecastCategoryName',
      'CreatedDate',
      'Fiscal Period',
      'LastStageChangeDate',
    ],
    least: 3,
    fields: {
      externalId: ['Opportunity ID', '18-digit Opportunity ID', 'Id'],
      title: ['Opportunity Name', 'Name'],
      organization: ['Account Name', 'Account.Name'],
      probability: ['Probability (%)', 'Probability'],
      owner: ['Opportunity Owner', 'Owner.Name', 'Owner.Email', 'Owner Email', 'Opportunity Owner Email'],
      currency: ['Amount Currency', 'Opportunity Currency', 'CurrencyIsoCode'],
      reason: ['Loss Reason', 'Closed Lost Reason'],
      stageSince: ['LastStageChangeDate', 'Last Stage Change Date'],
    },
    not: [
      'Account ID',
      'OwnerId',
      'Opportunity Owner Alias',
      'Expected Amount',
      'Expected Revenue',
      'Amount (converted)',
    ],
  },
]

const OTHER = { id: 'csv', label: 'another system' }
const FILEMAKER = { id: 'filemaker', label: 'FileMaker' }

/** The name of the system that a file comes from. */
export const sourceLabel = (id: string): string =>
  [...SOURCES, OTHER, FILEMAKER].find((source) => source.id === id)?.label ?? OTHER.label

/** Which system wrote a file: the one of whose own names it has the most. */
export function sourceOf({ head, hasVerticalTabs }: Table, filename: string): string {
  const names = new Set(head.map(headKey))
  const [best] = SOURCES.map(({ id, signs, least }) => {
    const hits = new Set(signs.map(headKey).filter((sign) => names.has(sign))).size
    return { id, hits: hits >= least ? hits : 0 }
  }).sort((a, b) => b.hits - a.hits)
  if (best && best.hits > 0) return best.id
  return hasVerticalTabs || /\.(mer|fmp12)$/i.test(filename) ? FILEMAKER.id : OTHER.id
}

/** HubSpot has a column for each stage, with when it was entered. */
const ENTERED = /^Date entered ["'‘“](.+?)(?: \([^()]*\))?["'’”](?: \([^()]*\))?$/i

/** The stage that a column tells the entering of. */
export const stageEntered = (head: string): string | undefined => ENTERED.exec(head.trim())?.[1]

/** What each column most likely is; null: nothing that is known here. */
export function columnsOf(head: string[], sourceId: string): (ImportField | null)[] {
  const source = SOURCES.find(({ id }) => id === sourceId)
  const own = namedFields(source?.fields ?? {})
  const not = new Set((source?.not ?? []).map(headKey))
  return head.map((name) => {
    if (stageEntered(name)) return 'enteredStage'
    const key = headKey(name)
    return own.get(key) ?? (not.has(key) ? null : (fieldNamed(name) ?? null))
  })
}
