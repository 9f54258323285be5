// What a person sees when an authorization request cannot be answered to the program that sent it.
import { Actions, ButtonLink } from '../platform/html/components.js'
import { t } from './t.js'

/** By the code of RFC 6749, section 4.1.2.1, and one of ours; nothing the program sent is repeated here. */
const wordsByCode = {
  outdated: {
    title: 'This request is over',
    what: 'It was already answered, took too long, or began in another browser.',
    next: 'Go back to your program and connect once more. Finish in the browser window that it opens.',
  },
  invalid_client: {
    title: 'We do not know this program',
    what: 'It has not registered here, its registration has lapsed, its description could not be read, or it is blocked here.',
    next: 'Remove the connection in your program and add it again. If that does not help, its maker must look into it.',
  },
  invalid_client_metadata: {
    title: 'We do not know this program',
    what: 'What the program publishes about itself is not well formed.',
    next: 'Its maker must mend it; you can show them this page.',
  },
  invalid_redirect_uri: {
    title: 'This would lead to the wrong place',
    what: 'The program wants the answer sent to an address that it has not registered.',
    next: 'If you did not start this in your own program, just close the window. Otherwise remove the connection there and add it again.',
  },
  server_error: {
    title: 'Something went wrong on our side',
    what: 'It is written down for whoever runs this server.',
    next: 'Go back to your program and try again in a moment.',
  },
} as const

const unclear = {
  title: 'The program asked in a way we do not understand',
  what: 'Its request is not well formed.',
  next: 'Update the program, or remove the connection there and add it again.',
} as const

function isKnown(error: string): error is keyof typeof wordsByCode {
  return Object.hasOwn(wordsByCode, error)
}

/** @param error the OAuth error code; `outdated` for a request that is no longer waiting. */
export function AuthorizationErrorPage({ error }: { error: string }) {
  const words = isKnown(error) ? wordsByCode[error] : unclear
  return (
    <div class="card-decision">
      <p class="eyebrow">{t('A program asks to pass')}</p>
      <h1>{t(words.title)}</h1>
      <p>{t(words.what)}</p>
      <p>{t(words.next)}</p>
      <p class="fine">{t.rich('For its maker: {code}', { code: <code>{error}</code> })}</p>
      <Actions>
        <ButtonLink href="/programs">{t('See your programs')}</ButtonLink>
      </Actions>
    </div>
  )
}
