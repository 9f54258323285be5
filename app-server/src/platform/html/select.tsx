// A part of the page kit: one of a few choices, in the browser's own list.

export interface SelectProps {
  label: string
  name: string
  /** The chosen one; the first when it is none of them. */
  value?: string | undefined
  options: readonly { value: string; label: string }[]
}

export function Select({ label, name, value, options }: SelectProps) {
  const id = `field-${name}`
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
