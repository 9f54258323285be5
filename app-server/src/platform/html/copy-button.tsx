// A part of the page kit: the button that copies.
import { t } from './t.js'

/** Copies the text of the `code` beside it, where scripts run. `place` is its class there. */
export function CopyButton({ kind, place, label }: { kind: 'secondary' | 'quiet'; place: string; label?: string }) {
  return (
    <button
      class={`button button-${kind} ${place}`}
      type="button"
      hidden
      data-copy
      data-words={JSON.stringify({
        copied: t('Copied'),
        press: t('Press Ctrl+C'),
        selected: t('The text is selected, press Control and C to copy it'),
      })}
      aria-label={label}
    >
      {t('Copy')}
    </button>
  )
}
