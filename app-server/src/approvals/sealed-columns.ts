// What this room keeps sealed.
import type { SealedColumn } from '../platform/sealed-values.js'

export const sealedArguments: SealedColumn = { table: 'approvals', key: 'id', column: 'arguments' }

export const approvalsSealedColumns = [sealedArguments]
