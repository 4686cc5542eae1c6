// Words about whom we deal with. Values without imports, as in db/vocabulary.ts, through which they are read.

/** Who stands in the address book. */
export const PARTIES = ['person', 'organization'] as const
export type Party = (typeof PARTIES)[number]

/** Where the name of a person comes from: nowhere, so that it is the address; what others call them; themselves; a member. */
export const NAME_SOURCES = ['address', 'others', 'own', 'hand'] as const
export type NameSource = (typeof NAME_SOURCES)[number]
