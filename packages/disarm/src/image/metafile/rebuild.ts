export { rebuildEmf as emfFromEmf } from './emf.ts'
export { rebuildWmf as wmfFromWmf } from './wmf.ts'
