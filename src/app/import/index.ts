/** Files of the shop on their way in. */
export { customersImporter } from './customers.ts'
export { ordersImporter } from './orders.ts'
export { type Importing, importFile, type ImportSummary } from './run.ts'
export { importKind } from './schema.ts'
