// The look of the fakes' pages: a card of nobody's brand, for a keyboard, a phone and a dark room.
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#eef1f5, #14171c);
  --card: light-dark(#ffffff, #1e2228);
  --ink: light-dark(#1b1f24, #e8ebef);
  --soft: light-dark(#57606a, #a4adb8);
  --line: light-dark(#c3cad2, #444c56);
  --act: light-dark(#1f5fbf, #8ab4ff);
  --on-act: light-dark(#ffffff, #0d1b33);
  --note: light-dark(#fff4d6, #3a2f12);
  --note-ink: light-dark(#5c4400, #f2d58a);
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1rem;
  background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: min(30rem, 100%); background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden;
}
.note { margin: 0; padding: 0.75rem 1.5rem; background: var(--note); color: var(--note-ink); font-size: 0.875rem; }
.sheet { padding: 1.5rem; }
h1 { margin: 0 0 0.5rem; font-size: 1.375rem; line-height: 1.25; text-wrap: balance; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
a { color: var(--act); }
.soft { color: var(--soft); }
label { display: block; }
label.field { font-weight: 600; }
label.field select { font-weight: 400; }
select {
  display: block; width: 100%; min-height: 2.75rem; margin-top: 0.25rem; padding: 0 0.75rem;
  border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: inherit; font: inherit;
}
fieldset { margin: 1.25rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
.scope { display: flex; gap: 0.75rem; align-items: center; min-height: 2.75rem; padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
.scope input { flex: none; width: 1.25rem; height: 1.25rem; accent-color: var(--act); }
.scope code { font: 0.875rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.choices { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.5rem; }
button {
  flex: 1 1 8rem; min-height: 2.75rem; padding: 0 1.25rem; border: 1px solid var(--line); border-radius: 8px;
  background: transparent; color: inherit; font: inherit; font-weight: 600; cursor: pointer;
}
button[value="allow"] { border-color: var(--act); background: var(--act); color: var(--on-act); }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
`
