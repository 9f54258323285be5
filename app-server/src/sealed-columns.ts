// Every column of sealed values of every room: what a new sealing key must seal anew.
import { approvalsSealedColumns } from './approvals/sealed-columns.js'
import { oauthSealedColumns } from './oauth/sealed-columns.js'
import type { SealedColumn } from './platform/sealed-values.js'
import { vaultSealedColumns } from './vault/sealed-columns.js'

export const sealedColumns: readonly SealedColumn[] = [
  ...oauthSealedColumns,
  ...vaultSealedColumns,
  ...approvalsSealedColumns,
]
