// The mark of Sekisho, drawn in the page: a seal with the gate of a checkpoint, a traveller in it.

/** The seal. Decoration beside the name, so it says nothing to screen readers. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path
        class="mark-seal"
        d="M9.5 3.2C24 2 41 2.3 54.6 3.4c3.7.3 5.8 2.5 6 6.1.8 14.7.7 30.5 0 45-.2 3.6-2.4 5.9-6 6.1-14.5.9-30.6.9-45.1 0-3.7-.2-6-2.5-6.2-6.1C2.4 40 2.5 24 3.3 9.4c.2-3.7 2.5-5.9 6.2-6.2z"
      />
      <path class="mark-gate" d="M10 19.5h44M21 11v42M43 11v42M21 29.5h22" />
      <circle class="mark-traveller" cx="32" cy="44" r="4.2" />
    </svg>
  )
}
