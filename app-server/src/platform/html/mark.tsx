// The mark of Sekisho, drawn in the page: a seal with the gate of a checkpoint, its road open.

/** The seal. Decoration beside the name, so it says nothing to screen readers. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path
        class="mark-seal"
        d="M9.5 3.2C24 2 41 2.3 54.6 3.4c3.700.3 5.800 2.500 6 6.100.8 14.700.7 30.500 0 45-.2 3.600-2.400 5.900-6 6.100-14.500.9-30.600.9-45.100 0-3.700-.2-6-2.500-6.200-6.100C2.400 40 2.500 24 3.300 9.400c.2-3.700 2.500-5.900 6.200-6.200z"
      />
      <path class="mark-gate" d="M10 19.500h44M21 11v42M43 11v42M21 29.500h22" />
      <path class="mark-road" d="M32 38v15" />
    </svg>
  )
}
