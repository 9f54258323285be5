// What a search found in messages, each with a way to its place in its room.
import { Moment, Tag } from '../platform/html/components.js'
import type { FoundMessage } from './message-search.js'
import { roomPath, turnElement } from './paths.js'
import { t } from './t.js'

export function FoundMessages({ found, words }: { found: readonly FoundMessage[]; words: readonly string[] }) {
  return (
    <ul class="rooms">
      {found.map((one) => (
        <li class="room">
          <a class="room-name" href={roomPath(one.roomId, `?at=${one.seq}#${turnElement(one.turnId)}`)}>
            {one.roomName}
          </a>
          <span class="room-aside">
            {one.archived ? <Tag>{t('Archived')}</Tag> : null}
            <span class="fine">
              {one.inAnswer ? t('Answer to {name}', { name: one.authorName }) : one.authorName}
              {' · '}
              <Moment at={one.at} />
            </span>
          </span>
          <p class="room-found">
            {one.beginsLater ? '… ' : ''}
            {marked(one.beginsLater ? fromWord(one.snippet) : one.snippet, words).map(({ text, isWord }) =>
              isWord ? <mark>{text}</mark> : text,
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** Without the rest of a word that was cut, where words have spaces between them. */
function fromWord(text: string): string {
  return text.replace(/^[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{1,20}\s+/u, '')
}

/** A text in pieces, with the words in it apart from what stands between them. */
export function marked(text: string, words: readonly string[]): { text: string; isWord: boolean }[] {
  const signs = words.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  // The longer of two words that begin alike is the one that is there.
  const known = new RegExp(`(${signs.sort((one, other) => other.length - one.length).join('|')})`, 'giu')
  return text
    .split(known)
    .map((piece, index) => ({ text: piece, isWord: index % 2 === 1 }))
    .filter((piece) => piece.text !== '')
}
