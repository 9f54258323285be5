// What the browser says while it keeps a part of a page fresh (`data-live`); the part has it as `data-words`.
import { t } from './t.js'

export function liveWords(): string {
  return JSON.stringify({
    pause: t('Pause'),
    goOn: t('Go on'),
    paused: t('Paused at {time}.', { time: '{time}' }),
    updated: t('Updated at {time}, every {seconds} seconds.', { time: '{time}', seconds: '{seconds}' }),
    silent: t('Not updated since {time}: the server does not answer. Still trying.', { time: '{time}' }),
  })
}
