import path from 'node:path'

/** Where the corpus is: mail that others wrote. It is no part of the project; CORPUS says where it is. */
export const corpus = path.resolve(import.meta.dirname, '../..', process.env.CORPUS ?? '../shared/corpus')
