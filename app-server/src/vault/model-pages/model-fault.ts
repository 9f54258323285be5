// What to say when a model's service did not take a key: what happened, and what to do next.
import { Problem } from '@sekisho/contracts'
import { ModelFailure, type ModelVendor } from '../../models/model.js'
import { t } from './t.js'

/** What is wrong, and the field of the form it is about; undefined when it is about none. */
export interface ModelFault {
  readonly field?: 'apiKey' | 'baseUrl'
  readonly words: string
}

/** As a problem, so that it can be written down like any other refusal; `failureIn` finds it again. */
export function problemOf(failure: ModelFailure): Problem {
  const code = failure.kind === 'key-refused' ? 'invalid-arguments' : 'upstream-failed'
  return new Problem(code, `The service of the model did not take the key: ${failure.kind}.`, {}, { cause: failure })
}

export function failureIn(error: unknown): ModelFailure | undefined {
  const cause = error instanceof Problem ? error.cause : error
  return cause instanceof ModelFailure ? cause : undefined
}

export function faultOf(failure: ModelFailure, { title, baseUrlNeeded }: ModelVendor): ModelFault {
  const fault = plainFault(failure, title, baseUrlNeeded)
  if (failure.detail === undefined) return fault
  return { ...fault, words: t('{words} It says: “{said}”', { words: fault.words, said: failure.detail }) }
}

function plainFault({ kind }: ModelFailure, service: string, selfHosted: boolean): ModelFault {
  switch (kind) {
    case 'key-refused':
      return {
        field: 'apiKey',
        words: t('{service} does not take this key. Check it, or make a new one.', { service }),
      }
    case 'no-permission':
      return {
        field: 'apiKey',
        words: t('{service} knows this key but does not let it use models. Check what the key is allowed there.', {
          service,
        }),
      }
    case 'quota':
      return {
        words: t('What this key may use at {service} is used up. Look at its plan and billing there.', { service }),
      }
    case 'rate-limited':
    case 'overloaded':
      return {
        words: t('{service} has too much to do right now. Nothing was kept. Try again in a minute.', { service }),
      }
    case 'timeout':
      return { words: t('{service} did not answer in time. Nothing was kept. Try again in a minute.', { service }) }
    case 'unreachable':
      return selfHosted
        ? {
            field: 'baseUrl',
            words: t(
              'This address cannot be reached from here. Check it; an address inside a private network must be allowed by whoever runs this server (OUTBOUND_ALLOWED_HOSTS).',
            ),
          }
        : { words: t('{service} cannot be reached right now. Nothing was kept. Try again in a minute.', { service }) }
    case 'model-gone':
    case 'bad-request':
      return selfHosted
        ? {
            field: 'baseUrl',
            words: t(
              'There is no list of models at this address. It usually ends with /v1, like https://llm.example.com/v1.',
            ),
          }
        : { words: t('{service} lists no model that this key may use for conversations.', { service }) }
    default:
      return { words: t('{service} did not answer as expected. Nothing was kept. Try again in a minute.', { service }) }
  }
}
