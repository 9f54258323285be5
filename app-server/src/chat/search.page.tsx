// What a search in the chat found: rooms by their names, and messages by their words.
import { EmptyState, Field, PageHead } from '../platform/html/components.js'
import { Filters, Pager } from '../platform/html/lists.js'
import { FoundMessages } from './found-messages.js'
import type { FoundMessages as Found } from './message-search.js'
import { chatPath, roomPath } from './paths.js'
import type { ListedRoom, Room } from './rooms.js'
import { RoomList, SearchField } from './rooms.page.js'
import { t } from './t.js'

export interface SearchPageProps {
  /** The one room that is searched; undefined: all. */
  room: Room | undefined
  rooms: readonly ListedRoom[]
  messages: Found
  words: readonly string[]
  search: string
  cursor: string | undefined
}

export function SearchPage({ room, rooms, messages, words, search, cursor }: SearchPageProps) {
  const { found, next } = messages
  const query = new URLSearchParams({ search, ...(room ? { room: room.id } : {}) })
  return (
    <>
      <p class="eyebrow eyebrow-plain">
        {room ? <a href={roomPath(room.id)}>{room.name}</a> : <a href={chatPath}>{t('Chat')}</a>}
      </p>
      <PageHead title={t('Search')} />
      {room ? (
        <Filters action={chatPath}>
          <input type="hidden" name="room" value={room.id} />
          <Field label={t('Words of a message')} name="search" type="search" value={search} maxlength={200} />
        </Filters>
      ) : (
        <SearchField search={search} />
      )}
      {rooms.length > 0 ? (
        <section class="found">
          <h2>{t('Rooms')}</h2>
          <RoomList rooms={rooms} />
        </section>
      ) : null}
      {found.length > 0 ? (
        <section class="found">
          <h2>{t('Messages')}</h2>
          <FoundMessages {...{ found, words }} />
        </section>
      ) : null}
      {words.length > 0 && rooms.length + found.length === 0 ? <Nothing more={next !== null} /> : null}
      <Pager path={`${chatPath}?${query}`} cursor={cursor} next={next} />
    </>
  )
}

function Nothing({ more }: { more: boolean }) {
  return (
    <EmptyState title={t('Nothing found')}>
      <p>
        {more
          ? t('None of the newest messages has these words. Older ones are on the next page.')
          : t('No room has these words in its name, and no message has all of them.')}
      </p>
    </EmptyState>
  )
}
