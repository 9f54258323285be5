// A part of the page kit: one of a few choices, in the browser's own list.

export interface SelectProps {
  label: string
  name: string
  hint?: string | undefined
  /** The chosen one; the first when it is none of them. */
  value?: string | undefined
  options: readonly { value: string; label: string }[]
}

export function Select({ label, name, hint, value, options }: SelectProps) {
  const id = `field-${name}`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint ? (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      <select id={id} name={name} aria-describedby={hint ? `${id}-hint` : undefined}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
