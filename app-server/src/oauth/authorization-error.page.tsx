// What a person sees when an authorization request cannot be answered to the program that sent it.
import { Actions, ButtonLink } from '../platform/html/components.js'

interface Words {
  title: string
  what: string
  next: string
}

const outdated: Words = {
  title: 'This request is over',
  what: 'It was already answered, took too long, or began in another browser.',
  next: 'Go back to your program and connect once more. Finish in the browser window that it opens.',
}

/** By the code of RFC 6749, section 4.1.2.1; nothing the program sent is repeated here. */
const wordsByCode: Record<string, Words> = {
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
}

const unclear: Words = {
  title: 'The program asked in a way we do not understand',
  what: 'Its request is not well formed.',
  next: 'Update the program, or remove the connection there and add it again.',
}

/** @param error the OAuth error code; `outdated` for a request that is no longer waiting. */
export function AuthorizationErrorPage({ error }: { error: string }) {
  const known = Object.hasOwn(wordsByCode, error) ? wordsByCode[error] : undefined
  const words = error === 'outdated' ? outdated : (known ?? unclear)
  return (
    <div class="card-decision">
      <p class="eyebrow">A program asks to pass</p>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <p>{words.next}</p>
      <p class="fine">
        For its maker: <code>{error}</code>
      </p>
      <Actions>
        <ButtonLink href="/programs">See your programs</ButtonLink>
      </Actions>
    </div>
  )
}
