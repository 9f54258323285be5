// Tests of whom an approval is good for.
import { expect, test } from '@jest/globals'
import { ownerOf } from './approval.js'

test('a program has it by its authorization, and each authorization its own', () => {
  expect(ownerOf({ clientId: 'client', grantId: 'one' })).toBe('one')
  expect(ownerOf({ clientId: 'client', grantId: 'two' })).toBe('two')
})

test('a part of ours has it whatever it calls with', () => {
  const clientId = 'urn:sekisho:chat'
  expect(ownerOf({ clientId, grantId: undefined })).toBe(clientId)
  expect(ownerOf({ clientId, grantId: 'lent' })).toBe(clientId)
})
