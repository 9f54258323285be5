// Reads the forms of a model key: what was typed, and what is wrong with it by the name of the field.

import type { ModelPrices } from '../../models/known-models.js'
import type { ModelAccess, ModelVendor } from '../../models/model.js'
import { t } from './t.js'

export const maxKeyLength = 500
export const maxUrlLength = 500
export const maxNameLength = 100

const maxPrice = 10_000

/** It must fit into a header. */
const sendable = /^[\x21-\x7e]+$/

export interface TypedAccess {
  readonly access: ModelAccess
  readonly errors: { readonly apiKey?: string; readonly baseUrl?: string }
}

type Body = Readonly<Record<string, unknown>>

/** @param allowedHosts that may be asked without TLS, because the operator vouches for the way to them */
export function readAccess(vendor: ModelVendor, body: Body, allowedHosts: readonly string[]): TypedAccess {
  const apiKey = textOf(body.apiKey)
  const baseUrl = vendor.baseUrlNeeded ? textOf(body.baseUrl).replace(/\/+$/, '') : undefined
  const ofKey = faultOfKey(vendor, apiKey)
  const ofUrl = baseUrl === undefined ? undefined : faultOfUrl(baseUrl, allowedHosts)
  return {
    access: { vendor: vendor.id, apiKey, ...(baseUrl === undefined ? {} : { baseUrl }) },
    errors: { ...(ofKey ? { apiKey: ofKey } : {}), ...(ofUrl ? { baseUrl: ofUrl } : {}) },
  }
}

function faultOfKey({ keyNeeded }: ModelVendor, apiKey: string): string | undefined {
  if (apiKey === '') return keyNeeded ? t('Paste the key here.') : undefined
  if (apiKey.length <= maxKeyLength && sendable.test(apiKey)) return undefined
  return t('This is no key: it has signs in it that none has. Copy it once more.')
}

function faultOfUrl(baseUrl: string, allowedHosts: readonly string[]): string | undefined {
  const url = baseUrl.length <= maxUrlLength ? URL.parse(baseUrl) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    return t('This is not a whole address, like https://llm.example.com/v1.')
  }
  const vouched = allowedHosts.some((host) => [url.hostname, url.host].includes(host.toLowerCase()))
  if (url.protocol === 'https:' || vouched) return undefined
  return t(
    'The key would be sent in the clear. Use https://, or have this host allowed by whoever runs this server (OUTBOUND_ALLOWED_HOSTS).',
  )
}

/** A name of one line; undefined when it is none. */
export function readName(body: Body): string | undefined {
  const name = textOf(body.name)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return name === '' || name.length > maxNameLength ? undefined : name
}

export interface TypedPrices {
  readonly input: string
  readonly output: string
  /** Null: nobody knows. Undefined: one of the two is faulty. */
  readonly prices: ModelPrices | null | undefined
  readonly errors: { readonly input?: string; readonly output?: string }
}

/** Both or neither. */
export function readPrices(body: Body): TypedPrices {
  const input = textOf(body.inputPrice).slice(0, 20)
  const output = textOf(body.outputPrice).slice(0, 20)
  if (input === '' && output === '') return { input, output, prices: null, errors: {} }
  const ofInput = faultOfPrice(input)
  const ofOutput = faultOfPrice(output)
  const errors = { ...(ofInput ? { input: ofInput } : {}), ...(ofOutput ? { output: ofOutput } : {}) }
  const good = !ofInput && !ofOutput
  return {
    input,
    output,
    errors,
    prices: good ? { inputPerMillion: Number(input), outputPerMillion: Number(output) } : undefined,
  }
}

function faultOfPrice(text: string): string | undefined {
  const good = /^\d{1,5}(\.\d{1,4})?$/.test(text) && Number(text) <= maxPrice
  return good ? undefined : t('Enter US dollars for a million tokens, like 0.75. Leave both empty when nobody knows.')
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}
