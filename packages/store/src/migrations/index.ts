export { highMigrations } from './high.ts'
export { lowMigrations } from './low.ts'
export { mailMigrations } from './mail.ts'
