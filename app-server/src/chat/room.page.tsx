// The page of a room: its messages from oldest to newest, and where the next one is written.
import { randomUUID } from 'node:crypto'
import { ButtonLink, EmptyState, Notice } from '../platform/html/components.js'
import { joined } from '../platform/html/language.js'
import { acceptedMediaTypes, attachmentLimits, textEndings } from './attachments.js'
import { Message } from './message.js'
import type { ModelChoice } from './model-choices.js'
import type { Onlooker } from './onlooker.js'
import { chatPath, roomPath } from './paths.js'
import type { Room } from './rooms.js'
import { scriptWords } from './script-words.js'
import type { ShownTurn } from './shown-turns.js'
import { t } from './t.js'
import { isOpen } from './turn.js'
import { maxPromptLength } from './turns.js'

export interface RoomPageProps {
  room: Room
  onlooker: Onlooker
  /** The key the room answers with; undefined when there is none that counts. */
  model: ModelChoice | undefined
  /** What the providers of its tools are called. */
  tools: readonly string[]
  /** The member whose accounts are used; undefined: whoever writes. */
  lender: string | undefined
  turns: readonly ShownTurn[]
  /** The number of the oldest turn, when there are older ones. */
  older: number | undefined
  /** The page shows earlier messages, and not the newest. */
  earlier: boolean
  totals: string
  /** What was typed and could not be sent. */
  draft: string
}

export function RoomPage(props: RoomPageProps) {
  const { room, onlooker, turns, older, earlier, model, draft } = props
  const newest = turns.at(-1)?.snapshot.turn
  const writes = onlooker.writes && !earlier
  return (
    <div
      class="chat"
      id="chat"
      data-room={room.id}
      data-csrf={onlooker.csrfToken}
      data-words={JSON.stringify(scriptWords())}
      data-newest={earlier ? undefined : (newest?.seq ?? 0)}
    >
      <RoomHead {...props} />
      {model ? null : <NoModel room={room} />}
      {room.archivedAt ? (
        <Notice title={t('Archived')}>
          <p>{t('This room takes no messages. An owner can take it back in its settings.')}</p>
        </Notice>
      ) : null}
      <div class="turns" id="turns">
        {older === undefined ? null : (
          <p class="earlier">
            <a href={roomPath(room.id, `?before=${older}`)} data-earlier>
              {t('Earlier messages')}
            </a>
          </p>
        )}
        {turns.map(({ snapshot, pieces }) => (
          <Message {...{ snapshot, pieces, onlooker }} />
        ))}
      </div>
      {turns.length === 0 ? <Empty writes={writes} /> : null}
      {earlier ? (
        <p class="later">
          <a href={roomPath(room.id)}>{t('Newest messages')}</a>
        </p>
      ) : null}
      {newest && isOpen(newest) && !earlier ? (
        <p class="without-script">
          <a href={roomPath(room.id)}>{t('Reload, to see more of the answer')}</a>
        </p>
      ) : null}
      <p class="chat-state" id="chat-state" hidden />
      <p class="visually-hidden" id="said" role="status" />
      <p class="visually-hidden" id="alarm" role="alert" />
      {writes ? (
        <Composer
          room={room}
          onlooker={onlooker}
          draft={draft}
          open={newest && isOpen(newest) ? newest.id : undefined}
        />
      ) : null}
      {onlooker.writes || room.archivedAt ? null : (
        <p class="soft">{t('You read in this room. An owner can let you write.')}</p>
      )}
    </div>
  )
}

function RoomHead({ room, model, tools, lender, totals }: RoomPageProps) {
  return (
    <header class="chat-head">
      <p class="eyebrow eyebrow-plain">
        <a href={chatPath}>{t('Chat')}</a>
      </p>
      <div class="chat-title">
        <h1>{room.name}</h1>
        <span class="chat-ways">
          <ButtonLink kind="quiet" href={`${chatPath}?room=${room.id}`}>
            {t('Search')}
          </ButtonLink>
          <ButtonLink kind="quiet" href={roomPath(room.id, '/settings')}>
            {t('Settings')}
          </ButtonLink>
        </span>
      </div>
      <p class="fine">
        {[
          ...(model ? [model.model] : []),
          tools.length === 0 ? t('no tools') : t('Tools: {names}', { names: joined(tools) }),
          ...(tools.length === 0
            ? []
            : [
                lender === undefined
                  ? t('they act with the accounts of whoever writes')
                  : t('they act with the accounts of {name}', { name: lender }),
              ]),
          ...(room.members > 1
            ? [t('{count, plural, one {# member} other {# members}}', { count: room.members })]
            : []),
        ].join(' · ')}
        {' · '}
        <span id="totals">{totals}</span>
      </p>
    </header>
  )
}

function NoModel({ room }: { room: Room }) {
  return (
    <Notice kind="warning" title={t('Nobody answers here')}>
      <p>
        {room.role === 'owner'
          ? t.rich(
              'The key of the language model was removed, or none was chosen yet. <a>Choose one in the settings</a>.',
              {
                a: (words) => <a href={roomPath(room.id, '/settings')}>{words}</a>,
              },
            )
          : t(
              'The key of the language model was removed, or none was chosen yet. An owner of the room can choose one.',
            )}
      </p>
    </Notice>
  )
}

function Empty({ writes }: { writes: boolean }) {
  return (
    <EmptyState title={t('No messages yet')}>
      <p>{writes ? t('Write the first one below.') : t('Nobody has written here yet.')}</p>
    </EmptyState>
  )
}

interface ComposerProps {
  room: Room
  onlooker: Onlooker
  draft: string
  /** The turn that is being answered. */
  open: string | undefined
}

function Composer({ room, onlooker, draft, open }: ComposerProps) {
  return (
    <form
      class="composer"
      id="composer"
      action={roomPath(room.id, '/turns')}
      method="post"
      data-open={open}
      data-max-bytes={attachmentLimits.bytes}
      data-max-together={attachmentLimits.turnBytes}
      data-max-files={attachmentLimits.perTurn}
    >
      <input type="hidden" name="_csrf" value={onlooker.csrfToken} />
      <input type="hidden" name="message_id" value={randomUUID()} />
      <input type="hidden" name="time_zone" value="" />
      <button class="button button-secondary jump" type="button" id="jump" hidden>
        {t('Newest message')}
      </button>
      <p class="composer-state fine" id="composer-state" hidden />
      <ul class="files" id="files" hidden />
      <label class="visually-hidden" for="prompt">
        {t('Message')}
      </label>
      <textarea
        id="prompt"
        name="prompt"
        rows={1}
        maxlength={maxPromptLength}
        placeholder={t('Message')}
        aria-describedby="composer-hint"
        enterkeyhint="send"
      >
        {draft}
      </textarea>
      <div class="composer-acts">
        <button class="button button-quiet" type="button" id="attach" hidden>
          {t('Add files')}
        </button>
        <label for="chosen" hidden>
          {t('Add files')}
        </label>
        <input id="chosen" type="file" multiple accept={[...acceptedMediaTypes, ...textEndings].join(',')} hidden />
        <span class="fine composer-hint" id="composer-hint">
          {t('Enter sends, Shift and Enter begins a line.')}
        </span>
        <button class="button button-primary" type="submit" id="send">
          {t('Send')}
        </button>
        <button class="button button-secondary" type="button" id="stop" hidden>
          {t('Stop')}
        </button>
      </div>
    </form>
  )
}
